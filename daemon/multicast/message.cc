#include "multicast/message.h"

#include <algorithm>
#include <cstdint>

#include "multicast/packet.h"

namespace hpvmnet::multicast {
namespace {

using std::chrono::milliseconds;

// Types of messages.
constexpr unsigned kIgmpQuery = 0x11;
constexpr unsigned kIgmpReport1 = 0x12;
constexpr unsigned kIgmpReport2 = 0x16;
constexpr unsigned kIgmpLeave = 0x17;
constexpr unsigned kIgmpReport3 = 0x22;
constexpr unsigned kMldQuery = 130;
constexpr unsigned kMldReport1 = 131;
constexpr unsigned kMldDone = 132;
constexpr unsigned kMldReport2 = 143;

// Of a record in a report of the newer versions (RFC 3376, clause 4.2.12).
enum class RecordType : unsigned {
  is_include = 1,
  is_exclude,
  to_include,
  to_exclude,
  allow,
  block
};

// A code that stands for more than it could count (RFC 3376, clause 4.1.1; RFC 3810, clause
// 5.1.3): below `limit` itself, from there a mantissa and three bits of exponent.
unsigned decoded(unsigned code, unsigned mantissa_bits) {
  const unsigned limit = 1U << (mantissa_bits + 3);
  if (code < limit) return code;
  const unsigned mantissa = code & ((1U << mantissa_bits) - 1);
  const unsigned exponent = code >> mantissa_bits & 7;
  return (mantissa | 1U << mantissa_bits) << (exponent + 3);
}

std::optional<IpAddress> group_at(const Packet& packet, std::size_t at) {
  const auto address = packet.address_at(at);
  return address && address->is_group() ? address : std::nullopt;
}

std::optional<Message> one_change(const Packet& packet, std::size_t at, bool wanted) {
  const auto group = group_at(packet, at);
  if (!group) return std::nullopt;
  return Report{{{*group, wanted}}};
}

// What a record says; nothing where it takes back some senders only.
std::optional<bool> wanted(RecordType type, unsigned sources) {
  switch (type) {
    case RecordType::is_include:
    case RecordType::to_include:
      return sources > 0;
    case RecordType::is_exclude:
    case RecordType::to_exclude:
    case RecordType::allow:
      return true;
    case RecordType::block:
      break;
  }
  return std::nullopt;
}

// The newer versions' reports: a list of records (RFC 3376, clause 4.2; RFC 3810, clause 5.2).
Message read_records(const Packet& packet) {
  constexpr std::size_t kRecords = 8;
  Report report;
  std::size_t at = kRecords;
  for (unsigned left = packet.number16(6); left > 0; --left) {
    const auto group = group_at(packet, at + 4);
    if (!group) break;
    const unsigned sources = packet.number16(at + 2);
    if (const auto wants = wanted(static_cast<RecordType>(packet.number8(at)), sources)) {
      report.changes.push_back({*group, *wants});
    }
    at += 4 + packet.address_size() * (1 + sources) + packet.number8(at + 1) * std::size_t{4};
  }
  return report;
}

// Older versions' queries end with the group; the flags of the newer ones are behind it.
std::optional<Message> read_query(const Packet& packet, milliseconds response,
                                  std::size_t group_at_byte, std::size_t flags_at) {
  const auto group = packet.address_at(group_at_byte);
  if (!group || !(group->is_unspecified() || group->is_group())) return std::nullopt;
  Query query{.ipv6 = packet.ipv6(), .querier = packet.source(), .response = response};
  if (group->is_group()) query.group = group;
  query.suppress = packet.size() > flags_at && (packet.number8(flags_at) & 8) != 0;
  return query;
}

std::optional<Message> read_igmp(const Packet& packet) {
  constexpr std::size_t kGroup = 4;
  constexpr std::size_t kShortest = 8;
  if (packet.size() < kShortest) return std::nullopt;
  const unsigned code = packet.number8(1);
  switch (packet.number8(0)) {
    case kIgmpQuery: {
      constexpr unsigned kTenths = 100;
      constexpr milliseconds kOfVersion1{10'000};  // which leaves the place empty
      const auto response = code == 0 ? kOfVersion1 : milliseconds(decoded(code, 4) * kTenths);
      return read_query(packet, response, kGroup, 8);
    }
    case kIgmpReport1:
    case kIgmpReport2:
      return one_change(packet, kGroup, true);
    case kIgmpLeave:
      return one_change(packet, kGroup, false);
    case kIgmpReport3:
      return read_records(packet);
    default:
      return std::nullopt;
  }
}

std::optional<Message> read_mld(const Packet& packet) {
  constexpr std::size_t kGroup = 8;
  constexpr std::size_t kShortest = 8;
  if (packet.size() < kShortest) return std::nullopt;
  switch (packet.number8(0)) {
    case kMldQuery:
      if (!packet.source().is_link_local()) return std::nullopt;
      return read_query(packet, milliseconds(decoded(packet.number16(4), 12)), kGroup, 24);
    case kMldReport1:
      return one_change(packet, kGroup, true);
    case kMldDone:
      return one_change(packet, kGroup, false);
    case kMldReport2:
      return read_records(packet);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Message> read_message(std::span<const std::byte> frame) {
  const auto packet = Packet::find(frame);
  if (!packet) return std::nullopt;
  if (packet->from_router()) return RouterHello{};
  if (!packet->is_intact()) return std::nullopt;
  return packet->ipv6() ? read_mld(*packet) : read_igmp(*packet);
}

}  // namespace hpvmnet::multicast
