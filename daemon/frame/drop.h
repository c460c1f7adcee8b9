#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace hpvmnet {

// Every reason for which a frame may disappear, once: enumerator and the text that users read.
// Reasons are counted on the port named in the third column: where the frame came in or where it
// should have left.
#define HPVMNET_DROP_REASONS(X)                                                   \
  X(runt, "shorter than an Ethernet header", ingress)                             \
  X(oversize, "longer than a vswitch carries", ingress)                           \
  X(bad_chain, "sender's descriptors broke the rules of virtio", ingress)         \
  X(disabled, "sender's queue is switched off", ingress)                          \
  X(vswitch_down, "vswitch is down", ingress)                                     \
  X(blocked, "port is blocked, because of a loop", ingress)                       \
  X(mirror_port, "port is there for a mirror's copies only", ingress)             \
  X(tagged, "VLAN tag on a port that takes untagged frames", ingress)             \
  X(untagged, "no VLAN tag on a port that takes tagged frames", ingress)          \
  X(vlan, "VLAN that its port does not carry", ingress)                           \
  X(group_source, "source address is a group address", ingress)                   \
  X(reserved, "for a neighbour, as STP and LLDP; no switch forwards it", ingress) \
  X(probe, "the switch's own, in search of loops", ingress)                       \
  X(same_port, "receiver is behind the port it came from", ingress)               \
  X(filtered, "a filter refused it, or is missing", ingress)                      \
  X(bad_offload, "sender's offload request contradicts the frame", ingress)       \
  X(no_receiver, "no other port of its VLAN is attached", ingress)                \
  X(no_member, "nobody has asked for its multicast group", ingress)               \
  X(not_ready, "receiver's driver was not ready", egress)                         \
  X(no_buffer, "receiver had no buffer free", egress)                             \
  X(buffer_too_small, "receiver's buffers are too small for it", egress)          \
  X(bad_buffer, "receiver's descriptors broke the rules of virtio", egress)       \
  X(scattered, "sender's memory is too scattered to cut it", egress)              \
  X(peer_lost, "receiver's connection failed", egress)                            \
  X(mtu, "longer than the interface takes", egress)                               \
  X(link_down, "interface is down or has gone", egress)

enum class Drop : unsigned char {
#define HPVMNET_DROP_ENUMERATOR(name, text, side) name,
  HPVMNET_DROP_REASONS(HPVMNET_DROP_ENUMERATOR)
#undef HPVMNET_DROP_ENUMERATOR
};

/// One row of the list of reasons.
struct DropReason {
  std::string_view name;  ///< the enumerator, as programs read it
  std::string_view text;  ///< as users read it
};

inline constexpr std::array kDropReasons{
#define HPVMNET_DROP_ROW(name, text, side) DropReason{#name, text},
    HPVMNET_DROP_REASONS(HPVMNET_DROP_ROW)
#undef HPVMNET_DROP_ROW
};
inline constexpr std::size_t kDropReasonCount = kDropReasons.size();

}  // namespace hpvmnet
