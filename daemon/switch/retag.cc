#include "switch/retag.h"

#include <algorithm>
#include <cstring>

#include "frame/copy.h"
#include "frame/vlan_tag.h"

namespace hpvmnet {
namespace {

std::byte* behind_addresses(Frame& frame) noexcept { return frame.head.data() + kAddressesLength; }
const std::byte* behind_addresses(const Frame& frame) noexcept {
  return frame.head.data() + kAddressesLength;
}

void begin(const Frame& from, Frame& made, int longer) noexcept {
  made.offload = from.offload;
  move_offload(made.offload, longer);
  made.buffer_count = 1;
  std::memcpy(made.head.data(), from.head.data(), kAddressesLength);
  made.length = from.length + static_cast<std::uint32_t>(longer);
}

void share_rest(const Frame& from, Frame& made) noexcept {
  made.parts = from.parts;
  made.part_count = from.part_count;
}

void write_vlan(std::byte* tag, Domain vlan) noexcept {
  tag[2] = (tag[2] & std::byte{0xf0}) | static_cast<std::byte>(vlan >> 8);
  tag[3] = static_cast<std::byte>(vlan & 0xff);
}

void replace(const Frame& from, Domain vlan, Frame& made) noexcept {
  begin(from, made, 0);
  copy_short(behind_addresses(made), behind_addresses(from), from.head_length - kAddressesLength);
  write_vlan(behind_addresses(made), vlan);
  made.head_length = from.head_length;
  share_rest(from, made);
}

void strip(const Frame& from, Frame& made) noexcept {
  begin(from, made, -static_cast<int>(kTagLength));
  made.head_length = from.head_length - kTagLength;
  copy_short(behind_addresses(made), behind_addresses(from) + kTagLength,
             made.head_length - kAddressesLength);
  share_rest(from, made);
}

// What no longer fits in the head is left in the head that it was in.
std::optional<std::size_t> insert(const Frame& from, Domain vlan, Frame& made,
                                  std::span<Part> room) noexcept {
  begin(from, made, kTagLength);
  std::byte* tag = behind_addresses(made);
  write_tag(tag, kCustomerTag, vlan);
  made.head_length = std::min(from.head_length + kTagLength, Frame::kHeadCapacity);
  const std::uint32_t kept = made.head_length - kTagLength;  // of the old head
  copy_short(tag + kTagLength, behind_addresses(from), kept - kAddressesLength);
  const std::uint32_t left = from.head_length - kept;
  if (left == 0) {
    share_rest(from, made);
    return 0;
  }
  if (room.size() < from.part_count + 1) return std::nullopt;
  room[0] = {from.head.data() + kept, left};
  std::ranges::copy(from.rest(), room.begin() + 1);
  made.parts = room.data();
  made.part_count = from.part_count + 1;
  return made.part_count;
}

}  // namespace

std::optional<std::size_t> retag(const Frame& from, bool tagged, Domain vlan, Frame& made,
                                 std::span<Part> room) noexcept {
  if (!tagged) return insert(from, vlan, made, room);
  if (vlan == kNoDomain) {
    strip(from, made);
  } else {
    replace(from, vlan, made);
  }
  return 0;
}

}  // namespace hpvmnet
