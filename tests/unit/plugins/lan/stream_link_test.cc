#include "lan/stream_link.h"

#include <array>
#include <atomic>
#include <system_error>
#include <thread>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "support/peer_socket.h"
#include "unit/plugins/lan/port_fixture.h"

namespace hpvmnet::lan {
namespace {

using namespace std::chrono_literals;
using test::Bytes;
using test::LentFrame;

// A link on one end of a socket pair whose buffers are as small as the system allows, so that
// frames are cut; the test is at the other end.
class StreamLinkTest : public testing::Test {
 protected:
  StreamLinkTest() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      throw std::system_error(errno, std::generic_category());
    }
    const int smallest = 1;
    ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &smallest, sizeof smallest);
    peer_.emplace(Fd(ends[1]));
    link_ = *StreamLink::make(Fd(ends[0]), *ended_);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    ::epoll_ctl(worker_.get(), EPOLL_CTL_ADD, link_->wake_descriptor(), &event);
    woken(0ms);  // the edge of the registration
  }

  // As a worker asleep would be.
  bool woken(std::chrono::milliseconds limit) {
    epoll_event event{};
    return ::epoll_wait(worker_.get(), &event, 1, static_cast<int>(limit.count())) == 1;
  }

  void send(const std::vector<LentFrame>& frames, Tally& tally) {
    std::vector<const Frame*> pointers;
    for (const LentFrame& frame : frames) pointers.push_back(&frame.frame());
    link_->send(pointers, tally);
  }

  std::size_t receive() {
    do {
      burst_.clear();
      link_->receive(burst_, tally_);
    } while (burst_.empty() && link_->park() == Wait::nothing);
    return burst_.size();
  }

  // Reads what has arrived and cuts it into frames.
  std::vector<Bytes> frames_at_peer() {
    while (peer_->read_some(1 << 20, 0ms, arrived_) == test::PeerSocket::Outcome::complete) {
    }
    std::vector<Bytes> frames;
    std::size_t at = 0;
    while (arrived_.size() - at >= kPrefixLength) {
      const auto length = be32toh(test::value_from<std::uint32_t>(arrived_, at));
      if (arrived_.size() - at - kPrefixLength < length) break;
      const auto begin = arrived_.begin() + static_cast<std::ptrdiff_t>(at + kPrefixLength);
      frames.emplace_back(begin, begin + length);
      at += kPrefixLength + length;
    }
    arrived_.erase(arrived_.begin(), arrived_.begin() + static_cast<std::ptrdiff_t>(at));
    return frames;
  }

  test::FakeLoop loop_;
  bool ended_called_ = false;
  std::unique_ptr<Signal> ended_ = loop_.make_signal([this] { ended_called_ = true; });
  std::unique_ptr<Link> link_;
  std::optional<test::PeerSocket> peer_;
  Fd worker_{::epoll_create1(EPOLL_CLOEXEC)};
  Bytes arrived_;
  Burst burst_;
  Tally tally_;
};

TEST_F(StreamLinkTest, a_peer_that_stops_reading_loses_whole_frames_only) {
  constexpr std::size_t kLength = 7001;  // so that records end nowhere near the pages' ends
  std::uint64_t next = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<LentFrame> frames;
    for (int i = 0; i < 8; ++i) frames.emplace_back(test::test_frame(next++, kLength), 1 + i % 3);
    send(frames, tally_);
  }
  const std::uint64_t taken = tally_.egress_frames.get();
  EXPECT_LT(taken, next);
  EXPECT_EQ(taken + test::drops(tally_, Drop::no_buffer), next);
  EXPECT_EQ(tally_.egress_bytes.get(), taken * kLength);

  std::vector<Bytes> frames = frames_at_peer();
  receive();  // which writes the rest of the frame that was cut
  for (Bytes& frame : frames_at_peer()) frames.push_back(std::move(frame));
  EXPECT_EQ(frames.size(), taken);
  for (std::size_t i = 0; i < frames.size(); ++i) ASSERT_EQ(test::number_of(frames[i]), i);
  EXPECT_TRUE(arrived_.empty());
}

TEST_F(StreamLinkTest, goes_on_after_a_peer_reads_again) {
  for (std::uint64_t round = 0; round < 50; ++round) {
    std::vector<LentFrame> frames;
    for (std::uint64_t i = 0; i < 16; ++i) frames.emplace_back(test::test_frame(i, 3000 + round));
    send(frames, tally_);
    for (const Bytes& frame : frames_at_peer()) ASSERT_TRUE(test::number_of(frame)) << round;
  }
  std::vector<LentFrame> last;
  last.emplace_back(test::test_frame(4711));
  receive();
  frames_at_peer();
  send(last, tally_);
  EXPECT_THAT(frames_at_peer(), testing::ElementsAre(test::test_frame(4711)));
}

TEST_F(StreamLinkTest, the_rest_of_a_cut_frame_wakes_the_worker_when_there_is_room) {
  EXPECT_EQ(link_->park(), Wait::input);
  std::vector<LentFrame> frames;
  frames.emplace_back(test::test_frame(1, Frame::kMaxLength));
  send(frames, tally_);
  ASSERT_EQ(tally_.egress_frames.get(), 1U);
  ASSERT_THAT(frames_at_peer(), testing::IsEmpty()) << "the frame was not cut";
  std::vector<Bytes> arrived;
  for (int i = 0; i < 100 && arrived.empty(); ++i) {
    ASSERT_TRUE(woken(5s));
    receive();
    arrived = frames_at_peer();
  }
  ASSERT_EQ(arrived.size(), 1U);
  EXPECT_EQ(arrived[0], frames[0].bytes());
  while (woken(0ms)) {
  }
  peer_->send(test::LanPeer::encode(test::test_frame(2)));
  EXPECT_TRUE(woken(5s));
  EXPECT_EQ(receive(), 1U);
}

TEST_F(StreamLinkTest, a_frame_in_more_pieces_than_a_system_call_takes_arrives) {
  std::vector<LentFrame> frames;
  frames.emplace_back(test::test_frame(1));
  frames.emplace_back(test::test_frame(2, 60'000), 5000);
  std::vector<Bytes> arrived;
  send(frames, tally_);
  for (int i = 0; i < 100 && arrived.size() < 2; ++i) {
    for (Bytes& frame : frames_at_peer()) arrived.push_back(std::move(frame));
    receive();
  }
  EXPECT_THAT(arrived, testing::ElementsAre(frames[0].bytes(), frames[1].bytes()));
}

TEST_F(StreamLinkTest, frames_without_a_peer_are_counted_as_lost) {
  peer_->close();
  std::vector<LentFrame> frames;
  frames.emplace_back(test::test_frame(1));
  frames.emplace_back(test::test_frame(2));
  send(frames, tally_);
  EXPECT_EQ(test::drops(tally_, Drop::peer_lost), 2U);
  EXPECT_EQ(tally_.egress_frames.get(), 0U);
  loop_.look();
  EXPECT_TRUE(ended_called_);
}

TEST_F(StreamLinkTest, a_large_arrival_is_lent_in_bursts_without_waiting_for_another_signal) {
  Bytes stream;
  for (std::uint64_t i = 0; i < 200; ++i) {
    test::append(stream, test::LanPeer::encode(test::test_frame(i)));
  }
  ASSERT_TRUE(peer_->send(stream));
  EXPECT_EQ(receive(), Burst::kCapacity);
  EXPECT_EQ(link_->park(), Wait::nothing);
  EXPECT_EQ(receive(), Burst::kCapacity);
  EXPECT_EQ(receive(), Burst::kCapacity);
  EXPECT_EQ(receive(), 200 - 3 * Burst::kCapacity);
  EXPECT_EQ(link_->park(), Wait::input);
}

// Frames come singly, now while the worker looks, now while it goes to sleep.
TEST_F(StreamLinkTest, no_wake_up_is_lost) {
  constexpr std::uint64_t kFrames = 20'000;
  std::atomic<std::uint64_t> seen{0};
  std::thread worker([&] {
    while (seen < kFrames) {
      const std::size_t got = receive();
      seen += got;
      if (got == 0 && !woken(5s)) break;
    }
  });
  std::uint64_t sent = 0;
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (sent < kFrames && std::chrono::steady_clock::now() < deadline) {
    ASSERT_TRUE(peer_->send(test::LanPeer::encode(test::test_frame(sent++))));
    for (std::uint64_t i = 0; i < sent % 97; ++i) SpinLock::relax();
    if (sent % 3 == 0) {
      while (seen < sent && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    }
  }
  worker.join();
  EXPECT_EQ(seen, kFrames);
}

TEST_F(StreamLinkTest, senders_and_receiver_at_once_keep_frames_whole_and_in_order) {
  constexpr std::uint64_t kFrames = 3000;
  constexpr std::uint64_t kSenders = 3;
  std::atomic<bool> done{false};
  std::array<Tally, kSenders> tallies;
  std::vector<std::thread> threads;
  for (std::uint64_t sender = 0; sender < kSenders; ++sender) {
    threads.emplace_back([&, sender] {
      for (std::uint64_t i = 0; i < kFrames; i += 4) {
        std::vector<LentFrame> frames;
        for (std::uint64_t k = i; k < i + 4; ++k) {
          frames.emplace_back(test::test_frame(sender << 32 | k, 60 + k % 2000));
        }
        send(frames, tallies[sender]);
      }
    });
  }
  std::thread worker([&] {
    while (!done) receive();
  });
  std::array<std::uint64_t, kSenders> arrived{};
  std::array<std::int64_t, kSenders> last{-1, -1, -1};
  const auto check = [&] {
    for (const Bytes& frame : frames_at_peer()) {
      const auto number = test::number_of(frame);
      ASSERT_TRUE(number);
      const std::uint64_t sender = *number >> 32;
      const auto place = static_cast<std::int64_t>(*number & 0xffff'ffff);
      EXPECT_GT(place, last[sender]);
      last[sender] = place;
      ++arrived[sender];
    }
  };
  std::thread reader([&] {
    while (!done) check();
  });
  for (std::uint64_t sender = 0; sender < kSenders; ++sender) threads[sender].join();
  std::this_thread::sleep_for(50ms);  // for the worker to write what is kept
  done = true;
  worker.join();
  reader.join();
  receive();
  check();
  for (std::uint64_t sender = 0; sender < kSenders; ++sender) {
    EXPECT_EQ(arrived[sender], tallies[sender].egress_frames.get());
    EXPECT_EQ(arrived[sender] + test::drops(tallies[sender], Drop::no_buffer), kFrames);
  }
}

}  // namespace
}  // namespace hpvmnet::lan
