#pragma once

#include <cstdint>

namespace hpvmnet::avio_lan {

/// Bits of GET_FEATURES and SET_FEATURES: those of virtio, and one of the protocol's own.
namespace feature {

inline constexpr std::uint64_t mtu = 1ULL << 3;
inline constexpr std::uint64_t mergeable = 1ULL << 15;
inline constexpr std::uint64_t guest_announce = 1ULL << 21;
inline constexpr std::uint64_t any_layout = 1ULL << 27;
inline constexpr std::uint64_t indirect = 1ULL << 28;
inline constexpr std::uint64_t event_index = 1ULL << 29;
inline constexpr std::uint64_t protocol_features = 1ULL << 30;
inline constexpr std::uint64_t version_1 = 1ULL << 32;

/// What a guest may use. The hypervisor adds what it does by itself: the address, the link status
/// and the control queue of the network card. Guest announcements keep it from sending RARP frames
/// of its own.
inline constexpr std::uint64_t offered = mtu | mergeable | guest_announce | any_layout | indirect |
                                         event_index | protocol_features | version_1;

}  // namespace feature

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
