#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "support/bytes.h"

// The vhost-user protocol as a front end speaks it. Written down here once more, and not taken from
// the plugin, so that a number that is wrong there is found.
namespace hpvmnet::test {

enum class Request : std::uint32_t {
  get_features = 1,
  set_features = 2,
  set_owner = 3,
  reset_owner = 4,
  set_mem_table = 5,
  set_log_base = 6,
  set_log_fd = 7,
  set_vring_num = 8,
  set_vring_addr = 9,
  set_vring_base = 10,
  get_vring_base = 11,
  set_vring_kick = 12,
  set_vring_call = 13,
  set_vring_err = 14,
  get_protocol_features = 15,
  set_protocol_features = 16,
  get_queue_num = 17,
  set_vring_enable = 18,
  send_rarp = 19,
  net_set_mtu = 20,
  set_backend_req_fd = 21,
  iotlb_msg = 22,
  set_vring_endian = 23,
  get_config = 24,
  set_config = 25,
  postcopy_advise = 28,
  postcopy_listen = 29,
  postcopy_end = 30,
  get_inflight_fd = 31,
  set_inflight_fd = 32,
  reset_device = 34,
  get_max_mem_slots = 36,
  add_mem_reg = 37,
  rem_mem_reg = 38,
  set_status = 39,
  get_status = 40,
};
inline constexpr std::uint32_t kLastRequest = 45;

inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::uint32_t kReply = 4;
inline constexpr std::uint32_t kNeedReply = 8;

/// Feature bits, as masks.
namespace feature {
inline constexpr std::uint64_t checksum = 1ULL << 0;
inline constexpr std::uint64_t guest_checksum = 1ULL << 1;
inline constexpr std::uint64_t mtu = 1ULL << 3;
inline constexpr std::uint64_t guest_tso4 = 1ULL << 7;
inline constexpr std::uint64_t guest_tso6 = 1ULL << 8;
inline constexpr std::uint64_t guest_ecn = 1ULL << 9;
inline constexpr std::uint64_t host_tso4 = 1ULL << 11;
inline constexpr std::uint64_t host_tso6 = 1ULL << 12;
inline constexpr std::uint64_t host_ecn = 1ULL << 13;
inline constexpr std::uint64_t mergeable = 1ULL << 15;
inline constexpr std::uint64_t log_all = 1ULL << 26;
inline constexpr std::uint64_t any_layout = 1ULL << 27;
inline constexpr std::uint64_t indirect = 1ULL << 28;
inline constexpr std::uint64_t event_index = 1ULL << 29;
inline constexpr std::uint64_t protocol_features = 1ULL << 30;
inline constexpr std::uint64_t version_1 = 1ULL << 32;
inline constexpr std::uint64_t packed = 1ULL << 34;
inline constexpr std::uint64_t guest_uso4 = 1ULL << 54;
inline constexpr std::uint64_t guest_uso6 = 1ULL << 55;
inline constexpr std::uint64_t host_uso = 1ULL << 56;
/// What a present-day Linux guest takes of a switch without offloads.
inline constexpr std::uint64_t modern =
    mergeable | any_layout | indirect | event_index | protocol_features | version_1;
/// What it takes besides where it is offered: what it may send, and what may be sent to it.
inline constexpr std::uint64_t host_offloads =
    checksum | host_tso4 | host_tso6 | host_ecn | host_uso;
inline constexpr std::uint64_t guest_offloads =
    guest_checksum | guest_tso4 | guest_tso6 | guest_ecn | guest_uso4 | guest_uso6;
}  // namespace feature

/// Protocol feature bits, as masks.
namespace protocol_feature {
inline constexpr std::uint64_t mq = 1ULL << 0;
inline constexpr std::uint64_t reply_ack = 1ULL << 3;
inline constexpr std::uint64_t mtu = 1ULL << 4;
inline constexpr std::uint64_t reset_device = 1ULL << 13;
inline constexpr std::uint64_t mem_slots = 1ULL << 15;
inline constexpr std::uint64_t status = 1ULL << 16;
inline constexpr std::uint64_t all = mq | reply_ack | mtu | reset_device | mem_slots | status;
}  // namespace protocol_feature

struct MessageHeader {
  std::uint32_t request = 0;
  std::uint32_t flags = kVersion;
  std::uint32_t size = 0;
};

struct VringState {
  std::uint32_t index = 0;
  std::uint32_t value = 0;
};

struct VringAddress {
  std::uint32_t index = 0;
  std::uint32_t flags = 0;
  std::uint64_t descriptors = 0;
  std::uint64_t used = 0;
  std::uint64_t available = 0;
  std::uint64_t log = 0;
};

struct RegionDescription {
  std::uint64_t guest = 0;
  std::uint64_t size = 0;
  std::uint64_t user = 0;
  std::uint64_t offset = 0;  ///< into the file
};

struct SlotDescription {
  std::uint64_t padding = 0;
  RegionDescription region;
};

/// A message with any header, any payload and any descriptors. The descriptors stay the caller's.
struct Message {
  MessageHeader header;
  Bytes payload;
  std::vector<int> descriptors;
};

/// A message as the protocol has it. Without a payload: message(request).
inline Message message(Request request, ByteView payload = {}, std::vector<int> descriptors = {}) {
  return {
      {static_cast<std::uint32_t>(request), kVersion, static_cast<std::uint32_t>(payload.size())},
      Bytes(payload.begin(), payload.end()),
      std::move(descriptors)};
}

template <class T>
requires(!std::is_convertible_v<T, ByteView>) Message
    message(Request request, const T& body, std::vector<int> descriptors = {}) {
  return message(request, bytes_of(body), std::move(descriptors));
}

}  // namespace hpvmnet::test
