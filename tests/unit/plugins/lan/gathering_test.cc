#include "lan/gathering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/plugins/lan/port_fixture.h"

namespace hpvmnet::lan {
namespace {

using test::Bytes;
using test::LentFrame;

Bytes joined(std::span<const iovec> pieces) {
  Bytes bytes;
  for (const iovec& piece : pieces) {
    test::append(bytes, {static_cast<const std::byte*>(piece.iov_base), piece.iov_len});
  }
  return bytes;
}

struct Frames {
  void add(std::size_t length, std::size_t pieces = 1) {
    lent.emplace_back(test::test_frame(lent.size(), length), pieces);
    pointers.push_back(&lent.back().frame());
    test::append(stream, test::LanPeer::encode(lent.back().bytes()));
  }

  std::vector<LentFrame> lent;
  std::vector<const Frame*> pointers;
  Bytes stream;
};

TEST(Gathering, is_what_the_stream_carries) {
  Frames frames;
  for (const std::size_t length : {60U, 127U, 128U, 129U, 1514U, 60U, 60U, 65'557U, 9000U}) {
    frames.add(length);
  }
  frames.add(1514, 3);
  frames.add(60'000, 17);
  Gathering gathering;
  ASSERT_EQ(gathering.add(frames.pointers), frames.lent.size());
  EXPECT_EQ(joined(gathering.pieces()), frames.stream);
}

TEST(Gathering, short_frames_in_a_row_are_one_piece) {
  Frames frames;
  for (std::size_t i = 0; i < Burst::kCapacity; ++i) frames.add(60 + i);
  Gathering gathering;
  ASSERT_EQ(gathering.add(frames.pointers), Burst::kCapacity);
  EXPECT_EQ(gathering.pieces().size(), 1U);
  EXPECT_EQ(joined(gathering.pieces()), frames.stream);
}

TEST(Gathering, long_frames_are_taken_from_their_senders_memory) {
  Frames frames;
  frames.add(1514);
  Gathering gathering;
  ASSERT_EQ(gathering.add(frames.pointers), 1U);
  ASSERT_EQ(gathering.pieces().size(), 2U);
  EXPECT_EQ(gathering.pieces()[1].iov_base, frames.lent[0].frame().whole_rest.data);
}

TEST(Gathering, ends_before_a_frame_in_too_many_pieces) {
  Frames frames;
  frames.add(60'000, Gathering::kPieces - 3);
  frames.add(60);
  frames.add(1514);
  Gathering gathering;
  ASSERT_EQ(gathering.add(frames.pointers), 2U);
  EXPECT_LE(gathering.pieces().size(), Gathering::kPieces);
  Gathering rest;
  ASSERT_EQ(rest.add(std::span(frames.pointers).subspan(2)), 1U);
  Bytes both = joined(gathering.pieces());
  test::append(both, joined(rest.pieces()));
  EXPECT_EQ(both, frames.stream);
}

TEST(Gathering, does_not_take_a_frame_in_more_pieces_than_a_system_call) {
  Frames most;
  most.add(60'000, Gathering::kPieces - 1);
  Gathering full;
  EXPECT_EQ(full.add(most.pointers), 1U);
  EXPECT_EQ(joined(full.pieces()), most.stream);
  Frames more;
  more.add(60'000, Gathering::kPieces);
  Gathering none;
  EXPECT_EQ(none.add(more.pointers), 0U);
}

}  // namespace
}  // namespace hpvmnet::lan
