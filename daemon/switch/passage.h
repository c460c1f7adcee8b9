#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "frame/burst.h"
#include "frame/frame_mask.h"
#include "frame/tally.h"
#include "switch/view.h"

namespace hpvmnet {

struct Passage;
/// Shows dropped frames to those who want to see them; see record.h.
void record_drop(const Passage& passage, FrameMask frames, Drop reason) noexcept;

/// Frames in a row with the same Ethernet header, which is read once for all of them. Most bursts
/// are one run.
struct Run {
  FrameMask frames;           ///< dropped ones included
  MacTable::Key source;       ///< in the domain of the ingress port
  MacTable::Key destination;  ///< likewise
};

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
  std::array<Run, Burst::kCapacity> run_space;
  std::size_t run_count = 0;
  FrameMask tagged = 0;
  FrameMask offloaded = 0;  ///< ask for offloads
  bool groups = false;      ///< some are for a group

  // Written by check_offloads, for those frames:
  std::array<OffloadSet, Burst::kCapacity> needed;  ///< what a receiver must take

  // Written by snoop:
  FrameMask restricted = 0;                               ///< are for some ports only
  FrameMask reports = 0;                                  ///< say who wants which groups
  std::array<const PortSet*, Burst::kCapacity> audience;  ///< which, for those

  Passage(Burst& frames, const IngressQueue& from, unsigned by, std::uint32_t seconds) noexcept
      : burst(frames),
        vswitch(*from.vswitch),
        ingress(from.port),
        worker(by),
        now(seconds),
        live(all()) {}

  /// Every frame of the burst, which is not empty.
  FrameMask all() const noexcept { return ~FrameMask{0} >> (Burst::kCapacity - burst.size()); }
  std::span<const Run> runs() const noexcept { return std::span(run_space).first(run_count); }

  const PortView& ingress_port() const noexcept { return vswitch.ports[ingress]; }
  Tally& tally_of(const PortView& port) const noexcept { return port.tallies[worker]; }

  /// Ends the way of some live frames.
  void drop(FrameMask frames, Drop reason) noexcept {
    if (frames == 0) return;
    if (vswitch.observers != nullptr) [[unlikely]]
      record_drop(*this, frames, reason);
    live &= ~frames;
    tally_of(ingress_port()).drop(reason, static_cast<std::uint64_t>(std::popcount(frames)));
  }
};

}  // namespace hpvmnet
