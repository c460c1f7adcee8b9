#include <fcntl.h>
#include <sys/socket.h>

#include "lan/datagram_end.h"
#include "support/unix_address.h"
#include "unit/plugins/lan/port_fixture.h"

namespace hpvmnet::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DatagramPortTest : public LanPortTest {
 protected:
  std::unique_ptr<LanDatagramPeer> peer() {
    return std::make_unique<LanDatagramPeer>(path("7.qemu"), path("7.dgram"));
  }
  // As when QEMU is killed: the socket's name stays, with nobody behind it.
  void kill(std::unique_ptr<LanDatagramPeer>& peer) {
    std::filesystem::rename(path("7.qemu"), path("kept"));
    peer.reset();
    std::filesystem::rename(path("kept"), path("7.qemu"));
  }
};

TEST_F(DatagramPortTest, the_first_datagram_attaches_and_is_not_lost) {
  const auto guest = peer();
  ASSERT_TRUE(guest->send(test_frame(1)));
  host_.fake_loop().look();
  ASSERT_TRUE(host_.peer_present);
  ASSERT_TRUE(host_.wakes);
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
  send({test_frame(2), test_frame(3, 1514), test_frame(4, 128)});
  EXPECT_EQ(guest->receive(5s), test_frame(2));
  EXPECT_EQ(guest->receive(5s), test_frame(3, 1514));
  EXPECT_EQ(guest->receive(5s), test_frame(4, 128));
  EXPECT_EQ(tally_.egress_frames.get(), 3U);
  EXPECT_EQ(tally_.egress_bytes.get(), 60U + 1514 + 128);
}

TEST_F(DatagramPortTest, a_guest_that_says_nothing_is_found) {
  const auto guest = peer();
  host_.fake_loop().pass(1s);
  ASSERT_TRUE(host_.peer_present);
  send({test_frame(1)});
  EXPECT_EQ(guest->receive(5s), test_frame(1));
}

TEST_F(DatagramPortTest, survives_a_restart_of_the_daemon) {
  const auto guest = peer();
  host_.fake_loop().pass(1s);
  close();
  EXPECT_TRUE(std::filesystem::exists(path("7.qemu"))) << "the living guest's socket was removed";
  EXPECT_FALSE(guest->send(test_frame(1)));
  host_.stop_queues();
  host_.set_peer(false);
  open();
  ASSERT_TRUE(host_.peer_present) << "found at once";
  ASSERT_TRUE(guest->send(test_frame(2)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(2)));
  send({test_frame(3)});
  EXPECT_EQ(guest->receive(5s), test_frame(3));
}

TEST_F(DatagramPortTest, a_guest_that_left_is_noticed_when_time_passes) {
  auto guest = peer();
  host_.fake_loop().pass(1s);
  guest.reset();
  host_.fake_loop().pass(1s);
  EXPECT_FALSE(host_.peer_present);
  EXPECT_FALSE(host_.wakes);
}

TEST_F(DatagramPortTest, a_guest_that_was_killed_is_noticed_with_the_next_frame) {
  auto guest = peer();
  host_.fake_loop().pass(1s);
  kill(guest);
  send({test_frame(1), test_frame(2)});
  EXPECT_EQ(drops(tally_, Drop::peer_lost), 2U);
  EXPECT_EQ(tally_.egress_frames.get(), 0U);
  host_.fake_loop().look();
  EXPECT_FALSE(host_.peer_present);
  close();
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path())) << "the dead guest's socket stayed";
}

TEST_F(DatagramPortTest, a_guest_that_starts_again_is_attached_again) {
  auto guest = peer();
  host_.fake_loop().pass(1s);
  guest.reset();
  guest = peer();
  host_.fake_loop().pass(1s);
  ASSERT_TRUE(host_.peer_present);
  ASSERT_TRUE(guest->send(test_frame(1)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
  send({test_frame(2)});
  EXPECT_EQ(guest->receive(5s), test_frame(2));
}

TEST_F(DatagramPortTest, many_datagrams_are_one_burst_each_way) {
  const auto guest = peer();
  host_.fake_loop().pass(1s);
  std::vector<Bytes> frames;
  for (std::size_t i = 0; i < Burst::kCapacity; ++i) {
    frames.push_back(test_frame(i, 60 + 20 * i));
    ASSERT_TRUE(guest->send(frames.back()))
        << "the system's limit of waiting datagrams is in force";
  }
  EXPECT_EQ(receive(), frames);
  frames.resize(8);  // towards the guest it is in force
  send(frames);
  for (const Bytes& frame : frames) ASSERT_EQ(guest->receive(5s), frame);
}

TEST_F(DatagramPortTest, a_guest_that_stops_reading_loses_frames_and_gets_the_later_ones) {
  const auto guest = peer();
  host_.fake_loop().pass(1s);
  std::uint64_t next = 0;
  while (drops(tally_, Drop::no_buffer) == 0 && next < 10'000) send({test_frame(next++)});
  ASSERT_EQ(drops(tally_, Drop::no_buffer), 1U);
  EXPECT_EQ(tally_.egress_frames.get(), next - 1);
  for (std::uint64_t i = 0; i + 1 < next; ++i) {
    const auto frame = guest->receive(5s);
    ASSERT_TRUE(frame);
    ASSERT_EQ(number_of(*frame), i);
  }
  send({test_frame(next)});
  EXPECT_EQ(guest->receive(5s), test_frame(next));
}

TEST_F(DatagramPortTest, long_frames_pass_and_too_long_ones_are_counted) {
  const auto guest = peer();
  host_.fake_loop().pass(1s);
  const Bytes longest = test_frame(1, Frame::kMaxLength);
  ASSERT_TRUE(guest->send(longest));
  ASSERT_TRUE(guest->send(Bytes(Frame::kMaxLength + 1)));
  ASSERT_TRUE(guest->send(Bytes(3)));
  EXPECT_THAT(receive(), ElementsAre(longest, Bytes(3)));
  EXPECT_EQ(drops(tally_, Drop::oversize), 1U);
  EXPECT_EQ(tally_.ingress_frames.get(), 1U) << "the worker counts those that are lent";
  send({longest});
  EXPECT_EQ(guest->receive(5s), longest);
}

TEST_F(DatagramPortTest, a_frame_in_more_pieces_than_a_system_call_takes_arrives) {
  const auto guest = peer();
  host_.fake_loop().pass(1s);
  const LentFrame scattered(test_frame(1, 60'000), 5000);
  const LentFrame halves(test_frame(2, 1514), 2);
  const std::vector<const Frame*> frames{&halves.frame(), &scattered.frame(), &halves.frame()};
  port_->send(frames, tally_);
  EXPECT_EQ(guest->receive(5s), halves.bytes());
  EXPECT_EQ(guest->receive(5s), scattered.bytes());
  EXPECT_EQ(guest->receive(5s), halves.bytes());
}

TEST_F(DatagramPortTest, while_a_stream_is_attached_datagrams_are_refused) {
  LanPeer stream(path("7.sock"));
  host_.fake_loop().look();
  const auto guest = peer();
  ASSERT_TRUE(guest->send(test_frame(1)));
  host_.fake_loop().pass(1s);
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("refused datagrams")));
  ASSERT_TRUE(stream.send(test_frame(2)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(2)));
  stream.socket().close();
  receive();
  host_.fake_loop().look();
  ASSERT_TRUE(host_.peer_present) << "the waiting datagram guest has its turn";
  ASSERT_TRUE(guest->send(test_frame(3)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(3)));
}

TEST_F(DatagramPortTest, while_datagrams_are_attached_a_stream_is_refused) {
  auto guest = peer();
  host_.fake_loop().pass(1s);
  LanPeer refused(path("7.sock"));
  host_.fake_loop().look();
  EXPECT_TRUE(refused.socket().wait_closed(5s));
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("refused a connection of process")));
  kill(guest);
  LanPeer accepted(path("7.sock"));
  host_.fake_loop().look();
  ASSERT_TRUE(host_.peer_present);
  ASSERT_TRUE(accepted.send(test_frame(1)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
}

TEST_F(DatagramPortTest, datagrams_of_a_peer_with_another_name_are_thrown_away) {
  const LanDatagramPeer stranger(path("other"), path("7.dgram"));
  const auto to_port = unix_address(path("7.dgram"));
  const Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const Bytes frame = test_frame(1);
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(::sendto(socket.get(), frame.data(), frame.size(), 0,
                       reinterpret_cast<const sockaddr*>(&to_port), sizeof to_port),
              static_cast<ssize_t>(frame.size()));
  }
  host_.fake_loop().look();
  EXPECT_FALSE(host_.peer_present);
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("refused datagrams: there is nobody to answer")));
  const auto guest = peer();
  host_.fake_loop().pass(1s);
  ASSERT_TRUE(guest->send(test_frame(2)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(2)));
}

TEST_F(DatagramPortTest, while_a_guest_is_attached_nobody_else_gets_in) {
  const auto guest = peer();
  host_.fake_loop().pass(1s);
  LanDatagramPeer stranger(path("other"), path("7.dgram"));
  EXPECT_FALSE(stranger.send(test_frame(1)));
  EXPECT_THAT(receive(), IsEmpty());
}

}  // namespace
}  // namespace hpvmnet::test
