#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "frame/burst.h"
#include "frame/copy.h"
#include "frame/vlan_tag.h"

namespace hpvmnet::host {

/// A VLAN tag that the kernel has beside a frame; type 0: there is none.
struct AsideTag {
  std::uint16_t type = 0;
  std::uint16_t contents = 0;  ///< priority and VLAN
};

/// What the kernel says of a frame's offloads, as the switch understands it: without the remarks
/// that ask for nothing.
inline Offload kept(Offload offload) noexcept {
  offload.flags &= Offload::kNeedsChecksum;
  return offload.any() ? offload : Offload{};
}

/// Adds a frame from the kernel to a burst with room. It lies in one piece, at least as long as two
/// addresses and a type. The tag goes where it was on the wire; the bytes stay where they are.
inline void lend(const Offload& offload, std::span<const std::byte> bytes, AsideTag tag,
                 Burst& burst) noexcept {
  Frame& frame = burst.next();
  const std::uint32_t inserted = tag.type == 0 ? 0 : kTagLength;
  frame.offload = kept(offload);
  frame.buffer_count = 1;
  const auto length = static_cast<std::uint32_t>(bytes.size()) + inserted;
  const std::uint32_t head = std::min(length, Frame::kHeadCapacity);
  std::byte* to = frame.head.data();
  if (inserted == 0) [[likely]] {
    copy_short(to, bytes.data(), head);
  } else {
    copy_short(to, bytes.data(), kAddressesLength);
    write_tag(to + kAddressesLength, tag.type, tag.contents);
    copy_short(to + kAddressesLength + kTagLength, bytes.data() + kAddressesLength,
               head - kAddressesLength - kTagLength);
    move_offload(frame.offload, kTagLength);
  }
  frame.set_contiguous(length, bytes.data() + head - inserted);
  burst.push();
}

}  // namespace hpvmnet::host
