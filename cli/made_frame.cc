#include "cli/made_frame.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::size_t kShortestFrame = 60;
constexpr std::uint8_t kTimeToLive = 64;

std::string number(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = bytes; i-- > 0;) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::string bytes_of(const Mac& mac) {
  std::uint64_t value = 0;
  const std::string digits = mac.hexadecimal().substr(2);
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return number(value, 6);
}

// RFC 1071.
std::uint16_t checksum(const std::string& bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (i % 2 == 0 ? 8 : 0);
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

struct Endpoint {
  std::string address;  // 4 or 16 bytes
  std::uint16_t port = 0;
};
struct Endpoints {
  Endpoint from, to;
  bool is_version6() const { return from.address.size() == 16; }
};

std::string read_address(const std::string& text) {
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return {bytes.data(), 4};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return {bytes.data(), 16};
  return {};
}

std::optional<Endpoint> read_endpoint(std::string text, bool with_port) {
  Endpoint endpoint;
  if (with_port) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    const auto port = parse_number(std::string_view(text).substr(colon + 1));
    if (!port || *port > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
    endpoint.port = static_cast<std::uint16_t>(*port);
    text.resize(colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  endpoint.address = read_address(text);
  return endpoint.address.empty() ? std::nullopt : std::optional(endpoint);
}

std::optional<Endpoints> read_endpoints(const std::string& text, bool with_ports) {
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos) return std::nullopt;
  const auto from = read_endpoint(text.substr(0, comma), with_ports);
  const auto to = read_endpoint(text.substr(comma + 1), with_ports);
  if (!from || !to || from->address.size() != to->address.size()) return std::nullopt;
  return Endpoints{*from, *to};
}

// What the sums of the upper layers cover besides their own bytes (RFC 9293, RFC 8200).
std::string pseudo_header(const Endpoints& ends, std::uint8_t protocol, std::size_t length) {
  return ends.from.address + ends.to.address + number(length, 4) + number(protocol, 4);
}

std::string with_checksum(std::string bytes, std::size_t at, const std::string& before) {
  bytes.replace(at, 2, number(checksum(before + bytes), 2));
  return bytes;
}

std::string tcp(const Endpoints& ends) {
  constexpr std::uint16_t kSyn = 0x5002;  // 5 words of header
  std::string segment = number(ends.from.port, 2) + number(ends.to.port, 2) + number(0, 8) +
                        number(kSyn, 2) + number(0xffff, 2) + number(0, 4);
  return with_checksum(segment, 16, pseudo_header(ends, IPPROTO_TCP, segment.size()));
}

std::string udp(const Endpoints& ends) {
  std::string datagram =
      number(ends.from.port, 2) + number(ends.to.port, 2) + number(8, 2) + number(0, 2);
  return with_checksum(datagram, 6, pseudo_header(ends, IPPROTO_UDP, datagram.size()));
}

std::string echo_request(const Endpoints& ends) {
  const bool six = ends.is_version6();
  std::string message = number(six ? 128 : 8, 1) + number(0, 7);
  return with_checksum(message, 2,
                       six ? pseudo_header(ends, IPPROTO_ICMPV6, message.size()) : std::string());
}

std::uint8_t echo_protocol(const Endpoints& ends) {
  if (ends.is_version6()) return IPPROTO_ICMPV6;
  return IPPROTO_ICMP;
}

std::string in_ip(const Endpoints& ends, std::uint8_t protocol, const std::string& payload) {
  if (ends.is_version6()) {
    return number(0x86dd, 2) + number(0x6000'0000, 4) + number(payload.size(), 2) +
           number(protocol, 1) + number(kTimeToLive, 1) + ends.from.address + ends.to.address +
           payload;
  }
  const std::string header = number(0x4500, 2) + number(20 + payload.size(), 2) + number(0, 4) +
                             number(kTimeToLive, 1) + number(protocol, 1) + number(0, 2) +
                             ends.from.address + ends.to.address;
  return number(0x0800, 2) + with_checksum(header, 10, {}) + payload;
}

std::string arp(const Endpoints& ends, const Mac& source) {
  constexpr std::uint64_t kRequest = 0x0001'0800'0604'0001;  // of IPv4 on Ethernet
  return number(0x0806, 2) + number(kRequest, 8) + bytes_of(source) + ends.from.address +
         number(0, 6) + ends.to.address;
}

std::string content(FrameKind kind, const Endpoints& ends, const Mac& source) {
  switch (kind) {
    case FrameKind::tcp:
      return in_ip(ends, IPPROTO_TCP, tcp(ends));
    case FrameKind::udp:
      return in_ip(ends, IPPROTO_UDP, udp(ends));
    case FrameKind::icmp:
      return in_ip(ends, echo_protocol(ends), echo_request(ends));
    case FrameKind::arp:
      break;
  }
  return arp(ends, source);
}

}  // namespace

Result<std::string> make_frame(FrameKind kind, const std::string& option, const std::string& text,
                               const FrameHeader& header) {
  const bool with_ports = kind == FrameKind::tcp || kind == FrameKind::udp;
  const auto ends = read_endpoints(text, with_ports);
  if (!ends || (kind == FrameKind::arp && ends->is_version6())) {
    return wrong_usage(fmt::format("{} {} is not {}", option, shown(text),
                                   with_ports
                                       ? "ADDRESS:PORT,ADDRESS:PORT, as 10.0.0.1:1024,10.0.0.2:80"
                                       : "ADDRESS,ADDRESS, as 10.0.0.1,10.0.0.2"));
  }
  const std::string tag = header.vlan ? number(0x8100, 2) + number(*header.vlan, 2) : "";
  const std::string front = bytes_of(header.destination) + bytes_of(header.source) + tag;
  const std::string back = content(kind, *ends, header.source);
  const std::size_t length = front.size() + back.size();
  const std::string padding(length < kShortestFrame ? kShortestFrame - length : 0, '\0');
  return fmt::format("{}{}{}", front, back, padding);
}

Result<std::string> read_frame(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ' && c != ':') digits += c;
  }
  std::string frame;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned char byte = 0;
    const char* const end = digits.data() + std::min(i + 2, digits.size());
    const auto [stopped, error] = std::from_chars(digits.data() + i, end, byte, 16);
    if (error != std::errc{} || stopped != end || end != digits.data() + i + 2) {
      return wrong_usage(
          fmt::format("{} is no frame: it has to be pairs of hexadecimal digits, from "
                      "the destination address on",
                      shown(text)));
    }
    frame += static_cast<char>(byte);
  }
  return frame;
}

}  // namespace hpvmnet::cli
