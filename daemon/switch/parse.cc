#include <cstring>

#include "switch/stages.h"

namespace hpvmnet {
namespace {

constexpr std::uint32_t kHeaderLength = 14;

// The address at `at`; two bytes beyond it are read, too.
std::uint64_t load_address(const std::byte* at) noexcept {
  std::uint64_t bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return __builtin_bswap64(bytes) >> 16;
}

bool is_tag(const std::byte* type) noexcept {
  std::uint16_t bytes;
  std::memcpy(&bytes, type, sizeof bytes);
  const std::uint16_t ether_type = __builtin_bswap16(bytes);
  return ether_type == 0x8100 || ether_type == 0x88a8;  // customer and service tag of 802.1Q
}

}  // namespace

void parse(Passage& passage) noexcept {
  FrameMask runts = 0;
  FrameMask group_sources = 0;
  for_each(passage.live, [&](unsigned i) {
    const Frame& frame = passage.burst[i];
    const std::byte* head = frame.head.data();
    passage.destination[i] = load_address(head);
    passage.source[i] = load_address(head + 6);
    const FrameMask bit = FrameMask{1} << i;
    if (frame.length < kHeaderLength) {
      runts |= bit;
    } else {
      if ((passage.source[i] >> 40 & 1) != 0) group_sources |= bit;
      if (is_tag(head + 12)) passage.tagged |= bit;
      if (frame.offload.any()) passage.offloaded |= bit;
    }
  });
  passage.drop(runts, Drop::runt);
  passage.drop(group_sources, Drop::group_source);
}

}  // namespace hpvmnet
