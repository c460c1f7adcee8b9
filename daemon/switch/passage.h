#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "frame/burst.h"
#include "frame/tally.h"
#include "switch/view.h"

namespace hpvmnet {

/// One bit for each frame of a burst.
using FrameMask = std::uint64_t;
static_assert(Burst::kCapacity == 64);

/// Calls visit(index) for each frame of the mask, in order.
template <class Visit>
void for_each(FrameMask frames, Visit visit) noexcept {
  for (; frames != 0; frames &= frames - 1) visit(static_cast<unsigned>(std::countr_zero(frames)));
}

/// A burst on its way through the stages of the pipeline, with what they have found out about its
/// frames. A stage reads what earlier ones wrote; arrays are by frame and hold nothing where the
/// stage's comment does not say so.
struct Passage {
  Burst& burst;
  const VswitchView& vswitch;
  std::uint16_t ingress;  ///< place of the ingress port in vswitch.ports
  unsigned worker;
  std::uint32_t now;  ///< seconds

  FrameMask live;  ///< frames that have not been dropped

  // Written by parse, from the private copy of the frames' heads:
  std::array<std::uint64_t, Burst::kCapacity> destination;  ///< address in the low 48 bits
  std::array<std::uint64_t, Burst::kCapacity> source;
  FrameMask tagged;
  FrameMask offloaded;  ///< ask for offloads

  // Written by check_offloads, for those frames:
  std::array<OffloadSet, Burst::kCapacity> needed;  ///< what a receiver must take

  Passage(Burst& frames, const IngressQueue& from, unsigned by, std::uint32_t seconds) noexcept
      : burst(frames),
        vswitch(*from.vswitch),
        ingress(from.port),
        worker(by),
        now(seconds),
        live(frames.size() == Burst::kCapacity ? ~FrameMask{0}
                                               : (FrameMask{1} << frames.size()) - 1),
        tagged(0),
        offloaded(0) {}

  const PortView& ingress_port() const noexcept { return vswitch.ports[ingress]; }
  Tally& tally_of(const PortView& port) const noexcept { return port.tallies[worker]; }

  /// Ends the way of some live frames.
  void drop(FrameMask frames, Drop reason) noexcept {
    if (frames == 0) return;
    live &= ~frames;
    tally_of(ingress_port()).drop(reason, static_cast<std::uint64_t>(std::popcount(frames)));
  }
};

}  // namespace hpvmnet
