#include "offload/check.h"

#include <functional>
#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

#include "unit/offload/segment_frames.h"

namespace hpvmnet::test {
namespace {

std::optional<OffloadSet> check(
    SegmentFrame frame, const std::function<void(Frame&)>& change = [](Frame&) {}) {
  LentFrame lent(frame, 1000);
  change(lent.frame);
  return check_offload(lent.frame);
}

TEST(CheckOffload, SaysWhatAReceiverMustTake) {
  EXPECT_EQ(check(make_segment_frame({})), offload::checksum | offload::tcp4);
  EXPECT_EQ(check(make_segment_frame({.ecn = true})),
            offload::checksum | offload::tcp4 | offload::ecn);
  EXPECT_EQ(check(make_segment_frame({.ipv6 = true, .tags = 2, .network_extra = 8})),
            offload::checksum | offload::tcp6);
  EXPECT_EQ(check(make_segment_frame({.tcp = false})), offload::checksum | offload::udp4);
  EXPECT_EQ(check(make_segment_frame({.ipv6 = true, .tcp = false})),
            offload::checksum | offload::udp6);
  EXPECT_EQ(check(make_segment_frame({}),
                  [](Frame& frame) { frame.offload.segmentation = Offload::kNone; }),
            offload::checksum);
}

TEST(CheckOffload, CorrectsTheHintOfTheHeaders) {
  const SegmentFrame frame = make_segment_frame({.tags = 1, .tcp_options = 12});
  for (const std::uint16_t hint : std::initializer_list<std::uint16_t>{0, 1, 14, 65535}) {
    LentFrame lent(frame, 1000);
    lent.frame.offload.header_length = hint;
    EXPECT_TRUE(check_offload(lent.frame));
    EXPECT_EQ(lent.frame.offload.header_length, 14 + 4 + 20 + 20 + 12);
  }
}

struct Contradiction {
  const char* name;
  SegmentPlan plan;
  void (*change)(Frame& frame);
};

class CheckOffloadRefuses : public ::testing::TestWithParam<Contradiction> {};

TEST_P(CheckOffloadRefuses, Contradictions) {
  EXPECT_TRUE(check(make_segment_frame(GetParam().plan)));
  EXPECT_EQ(check(make_segment_frame(GetParam().plan), GetParam().change), std::nullopt);
}

constexpr std::uint32_t kIp = 14;
constexpr std::uint32_t kTcp = kIp + 20;

INSTANTIATE_TEST_SUITE_P(
    All, CheckOffloadRefuses,
    ::testing::Values(
        Contradiction{"no_checksum", {}, [](Frame& f) { f.offload.flags = 0; }},
        Contradiction{"unknown_kind", {}, [](Frame& f) { f.offload.segmentation = 2; }},
        Contradiction{
            "fragmentation_of_udp", {.tcp = false}, [](Frame& f) { f.offload.segmentation = 3; }},
        Contradiction{"ecn_alone", {}, [](Frame& f) { f.offload.segmentation = Offload::kEcn; }},
        Contradiction{"ecn_of_udp",
                      {.tcp = false},
                      [](Frame& f) { f.offload.segmentation |= Offload::kEcn; }},
        Contradiction{"tcp6_over_4", {}, [](Frame& f) { f.offload.segmentation = Offload::kTcp6; }},
        Contradiction{"tcp4_over_6",
                      {.ipv6 = true},
                      [](Frame& f) { f.offload.segmentation = Offload::kTcp4; }},
        Contradiction{
            "udp_that_is_tcp", {}, [](Frame& f) { f.offload.segmentation = Offload::kUdp; }},
        Contradiction{"tcp_that_is_udp",
                      {.tcp = false},
                      [](Frame& f) { f.offload.segmentation = Offload::kTcp4; }},
        Contradiction{"segments_of_0", {}, [](Frame& f) { f.offload.segment_size = 0; }},
        Contradiction{"segments_of_1", {}, [](Frame& f) { f.offload.segment_size = 1; }},
        Contradiction{
            "datagrams_of_0", {.tcp = false}, [](Frame& f) { f.offload.segment_size = 0; }},
        Contradiction{
            "thousands_of_datagrams", {.tcp = false}, [](Frame& f) { f.offload.segment_size = 2; }},
        Contradiction{"checksum_elsewhere", {}, [](Frame& f) { ++f.offload.checksum_start; }},
        Contradiction{"checksum_of_udp", {}, [](Frame& f) { f.offload.checksum_offset = 6; }},
        Contradiction{"checksum_behind_the_head",
                      {},
                      [](Frame& f) {
                        f.offload.segmentation = Offload::kNone;
                        f.offload.checksum_start = Frame::kHeadCapacity - 1;
                        f.offload.checksum_offset = 0;
                      }},
        Contradiction{"checksum_out_of_this_world",
                      {},
                      [](Frame& f) {
                        f.offload.checksum_start = 0xffff;
                        f.offload.checksum_offset = 0xffff;
                      }},
        Contradiction{"a_fragment", {}, [](Frame& f) { f.head[kIp + 6] = std::byte{0x20}; }},
        Contradiction{"version_5", {}, [](Frame& f) { f.head[kIp] = std::byte{0x55}; }},
        Contradiction{"ip_header_too_short", {}, [](Frame& f) { f.head[kIp] = std::byte{0x44}; }},
        Contradiction{
            "tcp_header_too_short", {}, [](Frame& f) { f.head[kTcp + 12] = std::byte{0x40}; }},
        Contradiction{"tcp_header_behind_the_head",
                      {.ipv6 = true, .tags = 2, .network_extra = 96},
                      [](Frame& f) { f.head[kIp + 8 + 40 + 96 + 12] = std::byte{0xf0}; }},
        Contradiction{
            "fragment_of_ipv6", {.ipv6 = true}, [](Frame& f) { f.head[kIp + 6] = std::byte{44}; }},
        Contradiction{"extension_without_end",
                      {.ipv6 = true, .network_extra = 8},
                      [](Frame& f) { f.head[kIp + 41] = std::byte{255}; }},
        Contradiction{"no_ip", {}, [](Frame& f) { f.head[12] = std::byte{0x88}; }},
        Contradiction{"no_payload",
                      {},
                      [](Frame& f) {
                        f.length = f.head_length = kTcp + 20;
                        f.part_count = 0;
                      }}),
    [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace hpvmnet::test
