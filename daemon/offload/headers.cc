#include "offload/headers.h"

namespace hpvmnet {
namespace {

constexpr std::uint32_t kEthernetLength = 14;
constexpr std::uint32_t kTagLength = 4;
constexpr std::uint32_t kIpv4Length = 20;
constexpr std::uint32_t kIpv6Length = 40;
constexpr std::uint32_t kTcpLength = 20;
constexpr std::uint32_t kUdpLength = 8;

constexpr std::uint16_t kTypeIpv4 = 0x0800;
constexpr std::uint16_t kTypeIpv6 = 0x86dd;

bool is_tag(std::uint16_t type) noexcept { return type == 0x8100 || type == 0x88a8; }

std::uint8_t byte_at(const Frame& frame, std::uint32_t at) noexcept {
  return static_cast<std::uint8_t>(frame.head[at]);
}

bool holds(const Frame& frame, std::uint32_t from, std::uint32_t length) noexcept {
  return from <= frame.head_length && frame.head_length - from >= length;
}

bool pass_ipv4(const Frame& frame, Layers& layers) noexcept {
  if (!holds(frame, layers.network, kIpv4Length)) return false;
  const std::uint8_t first = byte_at(frame, layers.network);
  const std::uint32_t length = (first & 0xfU) * 4;
  const std::uint16_t fragment = load16(frame.head.data() + layers.network + 6);
  if (first >> 4 != 4 || length < kIpv4Length || (fragment & 0x3fff) != 0) return false;
  layers.protocol = byte_at(frame, layers.network + 9);
  layers.transport = layers.network + length;
  return true;
}

// Extension headers that routers and receivers look at; a fragment has another kind.
bool is_extension(std::uint8_t header) noexcept {
  constexpr std::uint8_t kHopByHop = 0;
  constexpr std::uint8_t kRouting = 43;
  constexpr std::uint8_t kDestination = 60;
  return header == kHopByHop || header == kRouting || header == kDestination;
}

bool pass_ipv6(const Frame& frame, Layers& layers) noexcept {
  if (!holds(frame, layers.network, kIpv6Length)) return false;
  if (byte_at(frame, layers.network) >> 4 != 6) return false;
  layers.protocol = byte_at(frame, layers.network + 6);
  layers.transport = layers.network + kIpv6Length;
  while (is_extension(layers.protocol)) {
    if (!holds(frame, layers.transport, 8)) return false;
    layers.protocol = byte_at(frame, layers.transport);
    layers.transport += 8 + 8U * byte_at(frame, layers.transport + 1);
  }
  return true;
}

bool pass_transport(const Frame& frame, Layers& layers) noexcept {
  if (layers.protocol == kProtocolUdp) {
    layers.payload = layers.transport + kUdpLength;
    return holds(frame, layers.transport, kUdpLength);
  }
  if (layers.protocol != kProtocolTcp || !holds(frame, layers.transport, kTcpLength)) return false;
  const std::uint32_t length = (byte_at(frame, layers.transport + 12) >> 4U) * 4U;
  layers.payload = layers.transport + length;
  return length >= kTcpLength && holds(frame, layers.transport, length);
}

}  // namespace

std::optional<Layers> find_layers(const Frame& frame) noexcept {
  Layers layers{};
  std::uint32_t type_at = kEthernetLength - 2;
  if (!holds(frame, 0, kEthernetLength)) return std::nullopt;
  std::uint16_t type = load16(frame.head.data() + type_at);
  for (unsigned tags = 0; is_tag(type) && tags < 2; ++tags) {
    type_at += kTagLength;
    if (!holds(frame, type_at, 2)) return std::nullopt;
    type = load16(frame.head.data() + type_at);
  }
  layers.network = type_at + 2;
  layers.ipv6 = type == kTypeIpv6;
  if (type != kTypeIpv4 && type != kTypeIpv6) return std::nullopt;
  if (!(layers.ipv6 ? pass_ipv6(frame, layers) : pass_ipv4(frame, layers))) return std::nullopt;
  if (!pass_transport(frame, layers)) return std::nullopt;
  return layers;
}

}  // namespace hpvmnet
