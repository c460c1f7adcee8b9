#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet::avio_lan {

// The vhost-user protocol on the wire (QEMU documentation, "Vhost-user Protocol"): what a message
// may look like, whatever the state of the conversation. All integers are in the host's byte order.

// Every message that we understand: enumerator, number, name, least and largest payload in bytes,
// least and largest number of file descriptors.
#define HPVMNET_VHOST_USER_REQUESTS(X)                              \
  X(get_features, 1, "GET_FEATURES", 0, 0, 0, 0)                    \
  X(set_features, 2, "SET_FEATURES", 8, 8, 0, 0)                    \
  X(set_owner, 3, "SET_OWNER", 0, 0, 0, 0)                          \
  X(reset_owner, 4, "RESET_OWNER", 0, 0, 0, 0)                      \
  X(set_mem_table, 5, "SET_MEM_TABLE", 8, 264, 0, 8)                \
  X(set_vring_num, 8, "SET_VRING_NUM", 8, 8, 0, 0)                  \
  X(set_vring_addr, 9, "SET_VRING_ADDR", 40, 40, 0, 0)              \
  X(set_vring_base, 10, "SET_VRING_BASE", 8, 8, 0, 0)               \
  X(get_vring_base, 11, "GET_VRING_BASE", 8, 8, 0, 0)               \
  X(set_vring_kick, 12, "SET_VRING_KICK", 8, 8, 0, 1)               \
  X(set_vring_call, 13, "SET_VRING_CALL", 8, 8, 0, 1)               \
  X(set_vring_err, 14, "SET_VRING_ERR", 8, 8, 0, 1)                 \
  X(get_protocol_features, 15, "GET_PROTOCOL_FEATURES", 0, 0, 0, 0) \
  X(set_protocol_features, 16, "SET_PROTOCOL_FEATURES", 8, 8, 0, 0) \
  X(get_queue_num, 17, "GET_QUEUE_NUM", 0, 0, 0, 0)                 \
  X(set_vring_enable, 18, "SET_VRING_ENABLE", 8, 8, 0, 0)           \
  X(net_set_mtu, 20, "NET_SET_MTU", 8, 8, 0, 0)                     \
  X(reset_device, 34, "RESET_DEVICE", 0, 0, 0, 0)                   \
  X(get_max_mem_slots, 36, "GET_MAX_MEM_SLOTS", 0, 0, 0, 0)         \
  X(add_mem_reg, 37, "ADD_MEM_REG", 40, 40, 1, 1)                   \
  X(rem_mem_reg, 38, "REM_MEM_REG", 40, 40, 0, 1)                   \
  X(set_status, 39, "SET_STATUS", 8, 8, 0, 0)                       \
  X(get_status, 40, "GET_STATUS", 0, 0, 0, 0)

enum class Request : std::uint32_t {
#define HPVMNET_VHOST_USER_ENUMERATOR(id, number, ...) id = number,
  HPVMNET_VHOST_USER_REQUESTS(HPVMNET_VHOST_USER_ENUMERATOR)
#undef HPVMNET_VHOST_USER_ENUMERATOR
};

std::string_view name_of(Request request);

struct MessageHeader {
  static constexpr std::uint32_t kVersionMask = 3;
  static constexpr std::uint32_t kVersion = 1;
  static constexpr std::uint32_t kReply = 4;
  static constexpr std::uint32_t kNeedReply = 8;

  std::uint32_t request = 0;
  std::uint32_t flags = 0;
  std::uint32_t size = 0;  ///< of the payload
};
static_assert(sizeof(MessageHeader) == 12);

struct VringState {
  std::uint32_t index = 0;
  std::uint32_t value = 0;
};
static_assert(sizeof(VringState) == 8);

struct VringAddresses {
  std::uint32_t index = 0;
  std::uint32_t flags = 0;
  std::uint64_t descriptors = 0;  ///< user addresses
  std::uint64_t used = 0;
  std::uint64_t available = 0;
  std::uint64_t log = 0;
};
static_assert(sizeof(VringAddresses) == 40);

/// The payload of messages that carry a ring's file descriptor.
struct VringDescriptor {
  static constexpr std::uint64_t kIndexMask = 0xff;
  static constexpr std::uint64_t kNone = 0x100;  ///< there is no descriptor: poll instead
};

struct WireRegion {
  std::uint64_t guest = 0;
  std::uint64_t size = 0;
  std::uint64_t user = 0;
  std::uint64_t offset = 0;  ///< of the region in its file
};
static_assert(sizeof(WireRegion) == 32);

inline constexpr std::size_t kMaxTableRegions = 8;

/// Precedes the regions of SET_MEM_TABLE, of which there are as many as it says.
struct WireTableHead {
  std::uint32_t count = 0;
  std::uint32_t padding = 0;
};
static_assert(sizeof(WireTableHead) == 8);

struct WireSlot {
  std::uint64_t padding = 0;
  WireRegion region;
};
static_assert(sizeof(WireSlot) == 40);

inline constexpr std::size_t kMaxPayload =
    sizeof(WireTableHead) + kMaxTableRegions * sizeof(WireRegion);
inline constexpr std::size_t kMaxDescriptors = kMaxTableRegions;

/// A message from the front end that obeys the table above. Owns its file descriptors: what nobody
/// takes is closed with it.
struct Message {
  Request request{};
  bool needs_reply = false;  ///< counts only where REPLY_ACK has been negotiated
  std::size_t size = 0;      ///< of the payload
  std::array<std::byte, kMaxPayload> payload;
  std::vector<Fd> descriptors;

  /// The T at `offset` of the payload, where the caller knows there to be one.
  template <class T>
  T get(std::size_t offset = 0) const {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, payload.data() + offset, sizeof value);
    return value;
  }

  /// The only descriptor of a message, or none.
  Fd take_descriptor() { return descriptors.empty() ? Fd() : std::move(descriptors.front()); }
};

/// Judges a header by itself: version, direction, number, size of the payload.
Status check_header(const MessageHeader& header);

/// Judges the number of file descriptors that came with a request.
Status check_descriptor_count(Request request, std::size_t count);

}  // namespace hpvmnet::avio_lan
