#include "unit/offload/segment_frames.h"

#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "frame/copy.h"
#include "offload/checksum.h"
#include "offload/headers.h"
#include "offload/lowering.h"
#include "support/frame_builder.h"

namespace hpvmnet::test {
namespace {

std::byte* at(Bytes& bytes, std::size_t place) {
  return reinterpret_cast<std::byte*>(bytes.data()) + place;
}

void append(Bytes& bytes, std::size_t count, std::mt19937_64& random) {
  for (std::size_t i = 0; i < count; ++i) {
    bytes.push_back(static_cast<Bytes::value_type>(random()));
  }
}

std::uint8_t protocol_of(const SegmentPlan& plan) { return plan.tcp ? kProtocolTcp : kProtocolUdp; }

void append_ipv4(Bytes& frame, const SegmentPlan& plan, std::uint32_t above,
                 std::mt19937_64& random) {
  const std::size_t ip = frame.size();
  append(frame, 20, random);
  frame[ip] = static_cast<Bytes::value_type>(0x40 + (20 + plan.network_extra) / 4);
  store16(at(frame, ip + 2), static_cast<std::uint16_t>(20 + plan.network_extra + above));
  store16(at(frame, ip + 6), 0x4000);  // don't fragment
  frame[ip + 8] = static_cast<Bytes::value_type>(64);
  frame[ip + 9] = static_cast<Bytes::value_type>(protocol_of(plan));
  frame.resize(frame.size() + plan.network_extra, static_cast<Bytes::value_type>(1));  // no-op
}

void append_ipv6(Bytes& frame, const SegmentPlan& plan, std::uint32_t above,
                 std::mt19937_64& random) {
  const std::size_t ip = frame.size();
  append(frame, 40, random);
  store32(at(frame, ip), 0x60000000);
  store16(at(frame, ip + 4), static_cast<std::uint16_t>(plan.network_extra + above));
  frame[ip + 6] = static_cast<Bytes::value_type>(protocol_of(plan));
  frame[ip + 7] = static_cast<Bytes::value_type>(64);
  if (plan.network_extra == 0) return;
  constexpr std::uint8_t kDestinationOptions = 60;
  frame[ip + 6] = static_cast<Bytes::value_type>(kDestinationOptions);
  const std::size_t extension = frame.size();
  frame.resize(frame.size() + plan.network_extra);
  frame[extension] = static_cast<Bytes::value_type>(protocol_of(plan));
  frame[extension + 1] = static_cast<Bytes::value_type>(plan.network_extra / 8 - 1);
  frame[extension + 2] = static_cast<Bytes::value_type>(1);  // padding up to its end
  frame[extension + 3] = static_cast<Bytes::value_type>(plan.network_extra - 4);
}

// The sum of the pseudo header, not complemented (virtio 1.2, clause 5.1.6.2).
std::uint16_t pseudo_sum(const Bytes& frame, std::size_t ip, const SegmentPlan& plan,
                         std::uint32_t above) {
  const auto* bytes = reinterpret_cast<const std::byte*>(frame.data());
  Checksum sum;
  sum.add(plan.ipv6 ? std::span(bytes + ip + 8, 32) : std::span(bytes + ip + 12, 8));
  sum.add_word(__builtin_bswap16(static_cast<std::uint16_t>(above)));
  sum.add_word(__builtin_bswap16(protocol_of(plan)));
  return sum.fold();
}

}  // namespace

SegmentFrame make_segment_frame(const SegmentPlan& plan) {
  std::mt19937_64 random(plan.seed);
  SegmentFrame made;
  Bytes& frame = made.bytes;
  FrameBuilder builder;
  builder.to(test_mac(2)).from(test_mac(1)).type(plan.ipv6 ? 0x86dd : 0x0800);
  for (unsigned i = 0; i < plan.tags; ++i) builder.vlan(static_cast<std::uint16_t>(7 + i));
  frame = builder.build();
  frame.resize(14 + 4 * plan.tags);

  const std::uint32_t transport_length = plan.tcp ? 20 + plan.tcp_options : 8;
  const std::uint32_t above = transport_length + plan.payload;
  const std::size_t ip = frame.size();
  (plan.ipv6 ? append_ipv6 : append_ipv4)(frame, plan, above, random);
  const std::size_t transport = frame.size();
  append(frame, plan.tcp ? 20 : 8, random);
  std::size_t checksum_at = transport + 6;
  if (plan.tcp) {
    checksum_at = transport + 16;
    frame[transport + 12] = static_cast<Bytes::value_type>((transport_length / 4) << 4);
    frame[transport + 13] = static_cast<Bytes::value_type>(plan.tcp_flags);
    frame.resize(frame.size() + plan.tcp_options, static_cast<Bytes::value_type>(1));  // no-op
  } else {
    store16(at(frame, transport + 4), static_cast<std::uint16_t>(above));
  }
  append(frame, plan.payload, random);
  const std::uint16_t sum = pseudo_sum(frame, ip, plan, above);
  std::memcpy(at(frame, checksum_at), &sum, sizeof sum);

  std::uint8_t kind = Offload::kUdp;
  if (plan.tcp) kind = plan.ipv6 ? Offload::kTcp6 : Offload::kTcp4;
  made.offload = {Offload::kNeedsChecksum,
                  static_cast<std::uint8_t>(kind | (plan.ecn ? Offload::kEcn : 0)),
                  static_cast<std::uint16_t>(transport + transport_length),
                  plan.segment_size,
                  static_cast<std::uint16_t>(transport),
                  static_cast<std::uint16_t>(checksum_at - transport)};
  return made;
}

LentFrame::LentFrame(const SegmentFrame& from, std::size_t part) {
  const auto* bytes = reinterpret_cast<const std::byte*>(from.bytes.data());
  frame.set_contiguous(static_cast<std::uint32_t>(from.bytes.size()), nullptr);
  std::copy_n(bytes, frame.head_length, frame.head.begin());
  for (std::size_t place = frame.head_length; place < from.bytes.size(); place += part) {
    parts_.push_back(
        {bytes + place, static_cast<std::uint32_t>(std::min(part, from.bytes.size() - place))});
  }
  frame.parts = parts_.data();
  frame.part_count = static_cast<std::uint32_t>(parts_.size());
  frame.offload = from.offload;
}

std::vector<Bytes> lower_all(const Frame& frame) {
  std::vector<Bytes> all;
  Lowering lowering(frame);
  Frame made;
  std::vector<Part> room(8192);
  Lowering::Step step;
  while ((step = lowering.next(made, room)) == Lowering::Step::made) {
    EXPECT_FALSE(made.offload.any());
    EXPECT_EQ(made.head_length, std::min(made.length, Frame::kHeadCapacity));
    Bytes bytes(made.length);
    copy_frame(at(bytes, 0), made);
    all.push_back(std::move(bytes));
  }
  EXPECT_EQ(step, Lowering::Step::done);
  return all;
}

}  // namespace hpvmnet::test
