#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "avio_lan/ring/egress_ring.h"
#include "frame/tally.h"

namespace hpvmnet::avio_lan {

/// The receive queues of a guest that are in use, and how frames are divided among them: by flow,
/// so that the frames of one flow stay in order, and those of its other direction come to the queue
/// of the same place.
///
/// Threads: add() and clear() while no worker uses the port; send() by any number of workers.
class EgressSpread {
 public:
  static constexpr std::size_t kCapacity = 16;

  void clear() noexcept { count_ = 0; }
  /// The ring outlives its stay here.
  void add(EgressRing& ring) noexcept { rings_[count_++] = &ring; }

  /// As Port::send().
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept {
    if (count_ == 1) [[likely]] {
      rings_[0]->send(frames, tally);
    } else {
      divide(frames, tally);
    }
  }

 private:
  void divide(std::span<const Frame* const> frames, Tally& tally) noexcept;

  std::size_t count_ = 0;
  std::array<EgressRing*, kCapacity> rings_{};
};

}  // namespace hpvmnet::avio_lan
