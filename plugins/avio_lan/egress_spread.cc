#include "avio_lan/egress_spread.h"

#include "frame/flow_hash.h"

namespace hpvmnet::avio_lan {

// One call for each ring that gets anything.
void EgressSpread::divide(std::span<const Frame* const> frames, Tally& tally) noexcept {
  if (count_ == 0) {
    tally.drop(Drop::not_ready, frames.size());
    return;
  }
  std::array<std::uint8_t, Burst::kCapacity> ring_of;
  std::uint32_t wanted = 0;  // rings, a bit each
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto ring =
        static_cast<std::uint8_t>(flow_hash(*frames[i]) * std::uint64_t{count_} >> 32);
    ring_of[i] = ring;
    wanted |= 1U << ring;
  }
  std::array<const Frame*, Burst::kCapacity> share;
  for (std::size_t ring = 0; ring < count_; ++ring) {
    if ((wanted >> ring & 1) == 0) continue;
    std::size_t size = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      if (ring_of[i] == ring) share[size++] = frames[i];
    }
    rings_[ring]->send(std::span(share).first(size), tally);
  }
}

}  // namespace hpvmnet::avio_lan
