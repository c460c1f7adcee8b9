#include "lan/frame_reader.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <endian.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/bytes.h"
#include "support/lan_peer.h"

namespace hpvmnet::lan {
namespace {

using test::Bytes;
using test::ByteView;
using Front = FrameReader::Front;

Bytes frame_of(std::size_t length) {
  Bytes frame(length);
  for (std::size_t i = 0; i < length; ++i) frame[i] = static_cast<std::byte>(i * 7 + length);
  return frame;
}

struct Input {
  std::vector<Bytes> frames;
  Bytes stream;
};

Input input_of(const std::vector<std::size_t>& lengths) {
  Input input;
  for (const std::size_t length : lengths) {
    input.frames.push_back(frame_of(length));
    test::append(input.stream, test::LanPeer::encode(input.frames.back()));
  }
  return input;
}

// A reader as a connection uses it: bytes arrive in pieces of at most `piece`.
std::vector<Bytes> read_in_pieces(ByteView stream, std::size_t piece, std::size_t memory_size) {
  Bytes memory(memory_size);
  FrameReader reader(memory);
  std::vector<Bytes> frames;
  while (!stream.empty()) {
    const std::span<std::byte> room = reader.room();
    const std::size_t count = std::min({piece, room.size(), stream.size()});
    EXPECT_GT(count, 0U);
    std::copy_n(stream.begin(), count, room.begin());
    reader.take(count);
    stream = stream.subspan(count);
    while (reader.front() == Front::frame) {
      const auto frame = reader.pop();
      frames.emplace_back(frame.begin(), frame.end());
    }
    EXPECT_EQ(reader.front(), Front::incomplete);
  }
  return frames;
}

TEST(FrameReader, short_frames_survive_every_fragmentation) {
  const Input input = input_of({0, 1, 13, 14, 60, 0, 0, 127, 128, 129, 256, 3});
  for (std::size_t piece = 1; piece <= input.stream.size(); ++piece) {
    ASSERT_EQ(read_in_pieces(input.stream, piece, kLongestRecord), input.frames) << piece;
  }
}

TEST(FrameReader, two_frames_survive_a_cut_at_every_byte) {
  const Input input = input_of({60, 90});
  const ByteView stream = input.stream;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Bytes memory(kLongestRecord);
    FrameReader reader(memory);
    std::vector<Bytes> frames;
    for (const ByteView piece : {stream.first(cut), stream.subspan(cut)}) {
      std::ranges::copy(piece, reader.room().begin());
      reader.take(piece.size());
      while (reader.front() == Front::frame) {
        const auto frame = reader.pop();
        frames.emplace_back(frame.begin(), frame.end());
      }
    }
    ASSERT_EQ(frames, input.frames) << cut;
  }
}

TEST(FrameReader, the_longest_frames_pass_through_the_smallest_memory) {
  const Input input = input_of({Frame::kMaxLength, 60, Frame::kMaxLength, Frame::kMaxLength - 1, 0,
                                40'000, 40'000, Frame::kMaxLength, 1});
  for (const std::size_t piece : {1U, 3U, 4096U, 65'536U, 65'561U, 1'000'000U}) {
    if (piece == 1 && input.stream.size() > 1'000'000) continue;
    ASSERT_EQ(read_in_pieces(input.stream, piece, kLongestRecord), input.frames) << piece;
    ASSERT_EQ(read_in_pieces(input.stream, piece, 4 * kLongestRecord), input.frames) << piece;
  }
}

TEST(FrameReader, a_length_that_no_frame_has_ends_the_stream) {
  for (const std::uint32_t length : {Frame::kMaxLength + 1, 0x8000'0000U, 0xffff'ffffU}) {
    Bytes memory(kLongestRecord);
    FrameReader reader(memory);
    Bytes stream = test::LanPeer::encode(frame_of(20));
    test::append(stream, test::bytes_of(htobe32(length)));
    std::ranges::copy(stream, reader.room().begin());
    reader.take(stream.size());
    ASSERT_EQ(reader.front(), Front::frame);
    EXPECT_EQ(reader.pop().size(), 20U);
    ASSERT_EQ(reader.front(), Front::impossible);
    EXPECT_EQ(reader.front_length(), length);
  }
}

TEST(FrameReader, popped_frames_stay_until_there_is_new_room) {
  const Input input = input_of({100, 200, 300});
  Bytes memory(kLongestRecord);
  FrameReader reader(memory);
  std::ranges::copy(input.stream, reader.room().begin());
  reader.take(input.stream.size());
  std::vector<std::span<const std::byte>> lent;
  while (reader.front() == Front::frame) lent.push_back(reader.pop());
  ASSERT_EQ(lent.size(), 3U);
  for (std::size_t i = 0; i < lent.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(lent[i], input.frames[i])) << i;
  }
}

}  // namespace
}  // namespace hpvmnet::lan
