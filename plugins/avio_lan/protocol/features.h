#pragma once

#include <cstdint>

#include "frame/offload.h"

namespace hpvmnet::avio_lan {

/// Bits of GET_FEATURES and SET_FEATURES: those of virtio, and one of the protocol's own.
namespace feature {

inline constexpr std::uint64_t checksum = 1ULL << 0;        ///< we complete what it sends
inline constexpr std::uint64_t guest_checksum = 1ULL << 1;  ///< it takes frames without one
inline constexpr std::uint64_t mtu = 1ULL << 3;
inline constexpr std::uint64_t guest_tso4 = 1ULL << 7;
inline constexpr std::uint64_t guest_tso6 = 1ULL << 8;
inline constexpr std::uint64_t guest_ecn = 1ULL << 9;
inline constexpr std::uint64_t host_tso4 = 1ULL << 11;
inline constexpr std::uint64_t host_tso6 = 1ULL << 12;
inline constexpr std::uint64_t host_ecn = 1ULL << 13;
inline constexpr std::uint64_t mergeable = 1ULL << 15;
inline constexpr std::uint64_t guest_announce = 1ULL << 21;
inline constexpr std::uint64_t multiqueue = 1ULL << 22;
inline constexpr std::uint64_t any_layout = 1ULL << 27;
inline constexpr std::uint64_t indirect = 1ULL << 28;
inline constexpr std::uint64_t event_index = 1ULL << 29;
inline constexpr std::uint64_t protocol_features = 1ULL << 30;
inline constexpr std::uint64_t version_1 = 1ULL << 32;
inline constexpr std::uint64_t packed_ring = 1ULL << 34;
inline constexpr std::uint64_t in_order = 1ULL << 35;
inline constexpr std::uint64_t guest_uso4 = 1ULL << 54;
inline constexpr std::uint64_t guest_uso6 = 1ULL << 55;
inline constexpr std::uint64_t host_uso = 1ULL << 56;

/// What a guest may leave to us, and what it may take as others have left it.
inline constexpr std::uint64_t offloads = checksum | host_tso4 | host_tso6 | host_ecn | host_uso |
                                          guest_checksum | guest_tso4 | guest_tso6 | guest_ecn |
                                          guest_uso4 | guest_uso6;

/// What a guest may use. The hypervisor adds what it does by itself: the address, the link status
/// and the control queue of the network card. Guest announcements keep it from sending RARP frames
/// of its own. Buffers are used in the order in which they were made available, whoever asks. A
/// port whose settings say so adds packed_ring.
inline constexpr std::uint64_t offered = in_order | mtu | mergeable | guest_announce | multiqueue |
                                         any_layout | indirect | event_index | protocol_features |
                                         version_1 | offloads;

}  // namespace feature

/// What a guest with these features takes upon itself.
constexpr OffloadSet offloads_taken(std::uint64_t features) noexcept {
  if ((features & feature::guest_checksum) == 0) return 0;
  const auto bit = [&](std::uint64_t negotiated, OffloadSet offload) {
    return (features & negotiated) != 0 ? offload : OffloadSet{0};
  };
  return static_cast<OffloadSet>(
      offload::checksum | bit(feature::guest_tso4, offload::tcp4) |
      bit(feature::guest_tso6, offload::tcp6) | bit(feature::guest_ecn, offload::ecn) |
      bit(feature::guest_uso4, offload::udp4) | bit(feature::guest_uso6, offload::udp6));
}

/// Bits of GET_PROTOCOL_FEATURES and SET_PROTOCOL_FEATURES.
namespace protocol_feature {

inline constexpr std::uint64_t mq = 1ULL << 0;
inline constexpr std::uint64_t reply_ack = 1ULL << 3;
inline constexpr std::uint64_t net_mtu = 1ULL << 4;
inline constexpr std::uint64_t reset_device = 1ULL << 13;
inline constexpr std::uint64_t mem_slots = 1ULL << 15;
inline constexpr std::uint64_t status = 1ULL << 16;

inline constexpr std::uint64_t offered =
    mq | reply_ack | net_mtu | reset_device | mem_slots | status;

}  // namespace protocol_feature

}  // namespace hpvmnet::avio_lan
