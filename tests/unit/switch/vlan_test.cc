#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "support/frame_builder.h"
#include "switch/pipeline.h"
#include "unit/switch/recording_port.h"

namespace hpvmnet {
namespace {

using test::FrameBuilder;
using test::test_mac;

// A port as an administrator thinks of it. VLAN 0 here: the frames that are in none.
struct Side {
  std::string name;
  std::optional<int> untagged;
  std::set<int> tagged;
  std::optional<int> backing;  // the tag outside of the frames that are in none
};

const std::vector<Side>& sides() {
  static const std::vector<Side> all{
      {"no VLAN", 0, {}, {}},
      {"no VLAN either", 0, {}, {}},
      {"access 10", 10, {}, {}},
      {"access 20", 20, {}, {}},
      {"access 10 again", 10, {}, {}},
      {"trunk 10,20-22", {}, {10, 20, 21, 22}, {}},
      {"trunk 10,30 native 20", 20, {10, 30}, {}},
      {"trunk 10,20 native 10", 10, {10, 20}, {}},
      {"trunk 10", {}, {10}, {}},
      {"backing, whole", 0, {10, 20, 30}, {}},
      {"backing, VLAN 20", {}, {}, 20},
  };
  return all;
}

PortVlans vlans_of(const Side& side) {
  PortVlans vlans;
  vlans.untagged = side.untagged ? static_cast<Domain>(*side.untagged) : kNoDomain;
  if (vlans.untagged == 0) vlans.untagged = kNoVlan;
  for (const int vlan : side.tagged) {
    vlans.tagged.add({static_cast<VlanId>(vlan), static_cast<VlanId>(vlan)});
  }
  if (side.backing) vlans.backing = static_cast<Domain>(*side.backing);
  return vlans;
}

struct Tag {
  std::uint16_t type;
  std::uint16_t vlan;
  std::uint8_t priority;
};

// A frame before a tag is put on it.
struct Sent {
  std::optional<Tag> tag;
  bool inner_tag = false;
  std::size_t length = 60;  // without the tags
  unsigned source = 0;
  std::uint64_t seed = 0;
};

Bytes bytes_of(const Sent& sent, std::optional<Tag> tag) {
  FrameBuilder frame;
  frame.from(test_mac(sent.source));
  std::size_t length = sent.length;
  if (tag) {
    frame.tag(tag->type, tag->vlan, tag->priority);
    length += 4;
  }
  if (sent.inner_tag) {
    frame.vlan(999, 3);
    length += 4;
  }
  return frame.fill_to(length, sent.seed).build();
}

// What IEEE 802.1Q says of the frame, in the fewest words.
std::optional<int> vlan_inside(const Side& from, const Sent& sent) {
  if (!sent.tag && !sent.inner_tag) return from.untagged;
  const int tag = sent.tag ? sent.tag->vlan : 999;
  const bool takes_tags = !from.tagged.empty() || from.backing;
  if (!takes_tags) return std::nullopt;
  if (tag == 0) return from.untagged;
  if (from.backing == tag) return 0;
  if (from.untagged == tag || from.tagged.contains(tag)) return tag;
  return std::nullopt;
}

std::optional<Bytes> expected(const Side& from, const Side& to, const Sent& sent) {
  const std::optional<int> vlan = vlan_inside(from, sent);
  if (!vlan) return std::nullopt;
  const bool takes_tags = !to.tagged.empty() || to.backing;
  if (to.untagged == *vlan) {
    const bool keeps_priority = sent.tag && sent.tag->vlan == 0 && takes_tags;
    return bytes_of(sent, keeps_priority ? sent.tag : std::nullopt);
  }
  int outside = *vlan;
  if (*vlan == 0) {
    if (!to.backing) return std::nullopt;
    outside = *to.backing;
  } else if (!to.tagged.contains(*vlan)) {
    return std::nullopt;
  }
  const Tag kept = sent.tag.value_or(Tag{0x8100, 0, 0});
  return bytes_of(sent, Tag{kept.type, static_cast<std::uint16_t>(outside), kept.priority});
}

class VlanTest : public testing::Test {
 protected:
  VlanTest() : ports_(sides().size()), tallies_(sides().size()) {
    view_.up = true;
    view_.macs = &macs_;
    view_.index_of.fill(VswitchView::kAbsent);
    for (std::uint16_t i = 0; i < sides().size(); ++i) {
      const PortVlans vlans = vlans_of(sides()[i]);
      view_.index_of[i] = i;
      PortView& port = view_.ports.emplace_back(PortView{
          .port = &ports_[i], .tallies = &tallies_[i], .number = i, .domain = vlans.untagged});
      if (vlans.takes_tags()) port.tags = &view_.tags.emplace_back(vlans);
    }
  }

  // In parts of random lengths, as a guest may have it in its memory.
  void add(const Bytes& bytes) {
    Frame& frame = burst_.next();
    frame.set_contiguous(static_cast<std::uint32_t>(bytes.size()), nullptr);
    std::memcpy(frame.head.data(), bytes.data(), frame.head_length);
    Part* const parts = burst_.free_parts();
    frame.parts = parts;
    frame.part_count = 0;
    for (std::size_t at = frame.head_length; at < bytes.size();) {
      const std::size_t length = std::min(bytes.size() - at, 1 + pick(700));
      parts[frame.part_count++] = {bytes.data() + at, static_cast<std::uint32_t>(length)};
      at += length;
    }
    burst_.take_parts(frame.part_count);
    burst_.push();
  }

  std::size_t pick(std::size_t below) { return random_() % below; }

  Sent random_frame() {
    Sent sent;
    if (pick(3) != 0) {
      constexpr std::array<std::uint16_t, 8> kVlans{0, 10, 10, 20, 20, 21, 30, 4094};
      sent.tag = Tag{pick(2) == 0 ? std::uint16_t{0x8100} : std::uint16_t{0x88a8},
                     kVlans[pick(kVlans.size())], static_cast<std::uint8_t>(pick(8))};
    }
    sent.inner_tag = pick(4) == 0;
    constexpr std::array<std::size_t, 9> kLengths{60, 171, 172, 175, 176, 177, 180, 181, 1514};
    sent.length = kLengths[pick(kLengths.size())];
    sent.source = static_cast<unsigned>(pick(3));
    sent.seed = random_();
    return sent;
  }

  std::mt19937_64 random_{20};
  MacTable macs_{1};
  std::vector<RecordingPort> ports_;
  std::vector<Tally> tallies_;
  VswitchView view_;
  Burst burst_;
};

TEST_F(VlanTest, EachPortGetsTheFramesOfItsVlansWithTheTagsThatItKnowsThemBy) {
  std::size_t crossed = 0;
  for (int round = 0; round < 200; ++round) {
    for (std::uint16_t from = 0; from < sides().size(); ++from) {
      std::vector<Sent> sent(1 + pick(Burst::kCapacity));
      for (Sent& frame : sent) frame = random_frame();
      std::vector<Bytes> lent;
      for (const Sent& frame : sent) lent.push_back(bytes_of(frame, frame.tag));
      burst_.clear();
      for (const Bytes& frame : lent) add(frame);
      run_pipeline(burst_, {&view_, from, 0, -1}, 0, 0);
      for (std::size_t to = 0; to < sides().size(); ++to) {
        if (to == from) continue;
        Frames due;
        for (const Sent& frame : sent) {
          if (auto bytes = expected(sides()[from], sides()[to], frame)) due.push_back(*bytes);
        }
        ASSERT_EQ(ports_[to].received, due) << sides()[from].name << " to " << sides()[to].name;
        crossed += due.size();
      }
      for (RecordingPort& port : ports_) port.received.clear();
    }
  }
  EXPECT_GT(crossed, 100'000u);
}

TEST_F(VlanTest, AnAddressHasAPlaceInEachVlan) {
  const auto send = [&](std::uint16_t from, unsigned to, unsigned source, std::uint16_t vlan) {
    burst_.clear();
    const Bytes bytes =
        FrameBuilder().to(test_mac(to)).from(test_mac(source)).vlan(vlan).fill_to(100).build();
    add(bytes);
    for (RecordingPort& port : ports_) port.received.clear();
    run_pipeline(burst_, {&view_, from, 0, -1}, 0, 0);
  };
  send(5, 9, 1, 10);  // station 1: in VLAN 10 behind port 5, in VLAN 20 behind port 7
  send(7, 9, 1, 20);
  send(6, 1, 2, 10);
  EXPECT_EQ(ports_[5].received.size(), 1u);
  EXPECT_EQ(ports_[7].received.size(), 0u);
  send(9, 1, 2, 20);
  EXPECT_EQ(ports_[5].received.size(), 0u);
  EXPECT_EQ(ports_[7].received.size(), 1u);
}

TEST_F(VlanTest, WhatItDoesNotCarryIsCountedByReason) {
  const auto send = [&](std::uint16_t from, std::optional<std::uint16_t> vlan) {
    FrameBuilder frame;
    if (vlan) frame.vlan(*vlan);
    burst_.clear();
    const Bytes bytes = frame.fill_to(100).build();
    add(bytes);
    run_pipeline(burst_, {&view_, from, 0, -1}, 0, 0);
  };
  const auto drops = [&](std::size_t port, Drop reason) {
    return tallies_[port].drops[static_cast<std::size_t>(reason)].get();
  };
  send(0, 10);
  EXPECT_EQ(drops(0, Drop::tagged), 1u);
  send(5, std::nullopt);
  EXPECT_EQ(drops(5, Drop::untagged), 1u);
  send(5, 11);
  EXPECT_EQ(drops(5, Drop::vlan), 1u);
  EXPECT_EQ(macs_.size(), 0u);
}

// A burst whose segments do not fit in one list, each with a tag that it had not.
TEST_F(VlanTest, OffloadsAreMetAtPortsThatAddATag) {
  constexpr std::size_t kPayload = 20'000;
  const Bytes whole = [&] {
    Bytes ip(40);
    constexpr std::size_t kLength = 40 + kPayload;
    ip[0] = std::byte{0x45};
    ip[2] = static_cast<std::byte>(kLength >> 8);
    ip[3] = static_cast<std::byte>(kLength & 0xff);
    ip[8] = std::byte{64};
    ip[9] = std::byte{6};
    ip[20 + 12] = std::byte{0x50};
    return FrameBuilder()
        .from(test_mac(1))
        .type(0x0800)
        .payload(ip)
        .fill_to(14 + kLength, 1)
        .build();
  }();
  burst_.clear();
  std::vector<Bytes> lent(Burst::kCapacity, whole);
  for (const Bytes& bytes : lent) {
    add(bytes);
    burst_[burst_.size() - 1].offload = {.flags = Offload::kNeedsChecksum,
                                         .segmentation = Offload::kTcp4,
                                         .header_length = 54,
                                         .segment_size = 1000,
                                         .checksum_start = 34,
                                         .checksum_offset = 16};
  }
  run_pipeline(burst_, {&view_, 2, 0, -1}, 0, 0);
  const Frames& plain = ports_[4].received;  // access 10, as the sender's port
  const Frames& tagged = ports_[5].received;
  ASSERT_EQ(plain.size(), Burst::kCapacity * kPayload / 1000);
  ASSERT_EQ(tagged.size(), plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    Bytes due = plain[i];
    const std::array<std::byte, 4> tag{std::byte{0x81}, std::byte{0}, std::byte{0}, std::byte{10}};
    due.insert(due.begin() + 12, tag.begin(), tag.end());
    ASSERT_EQ(tagged[i], due) << "segment " << i;
  }
}

}  // namespace
}  // namespace hpvmnet
