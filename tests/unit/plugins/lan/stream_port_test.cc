#include <endian.h>
#include <sys/stat.h>

#include "unit/plugins/lan/port_fixture.h"

namespace hpvmnet::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StreamPortTest : public LanPortTest {
 protected:
  LanPeer attach() {
    LanPeer peer(path("7.sock"));
    host_.fake_loop().look();
    return peer;
  }
};

TEST_F(StreamPortTest, a_guest_attaches_and_frames_pass_both_ways) {
  EXPECT_FALSE(host_.peer_present);
  LanPeer peer = attach();
  EXPECT_TRUE(host_.peer_present);
  ASSERT_TRUE(host_.wakes);
  EXPECT_EQ(host_.wakes->size(), 1U);
  EXPECT_TRUE(host_.log().contains("guest attached"));

  ASSERT_TRUE(peer.send(test_frame(1)));
  ASSERT_TRUE(peer.send(test_frame(2, 1514)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1), test_frame(2, 1514)));
  send({test_frame(3), test_frame(4, 1514), test_frame(5, 128), test_frame(6, 129)});
  EXPECT_EQ(peer.receive(5s), test_frame(3));
  EXPECT_EQ(peer.receive(5s), test_frame(4, 1514));
  EXPECT_EQ(peer.receive(5s), test_frame(5, 128));
  EXPECT_EQ(peer.receive(5s), test_frame(6, 129));
  EXPECT_EQ(tally_.egress_frames.get(), 4U);
  EXPECT_EQ(tally_.egress_bursts.get(), 1U);
  EXPECT_EQ(tally_.egress_bytes.get(), 60U + 1514 + 128 + 129);
}

TEST_F(StreamPortTest, frames_of_every_length_up_to_an_ethernet_frame_pass) {
  LanPeer peer = attach();
  for (std::size_t length = kShortestFrame; length <= 1514; ++length) {
    ASSERT_TRUE(peer.send(test_frame(length, length)));
    ASSERT_THAT(receive(), ElementsAre(test_frame(length, length)));
    send({test_frame(length, length)});
    ASSERT_EQ(peer.receive(5s), test_frame(length, length));
  }
}

TEST_F(StreamPortTest, the_longest_frame_passes) {
  LanPeer peer = attach();
  const Bytes frame = test_frame(1, Frame::kMaxLength);
  ASSERT_TRUE(peer.send(frame));
  std::vector<Bytes> received;
  while (received.empty()) received = receive();
  EXPECT_THAT(received, ElementsAre(frame));
  send({frame});
  EXPECT_EQ(peer.receive(5s), frame);
}

TEST_F(StreamPortTest, runts_are_lent_as_they_are) {
  LanPeer peer = attach();
  for (const std::size_t length : {0U, 1U, 13U}) {
    const Bytes runt(length, std::byte{0x55});
    ASSERT_TRUE(peer.send(runt));
    EXPECT_THAT(receive(), ElementsAre(runt));
  }
  EXPECT_TRUE(host_.peer_present);
}

TEST_F(StreamPortTest, a_second_connection_is_refused) {
  LanPeer first = attach();
  LanPeer second = attach();
  EXPECT_TRUE(second.socket().wait_closed(5s));
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("refused a connection of process")));
  ASSERT_TRUE(first.send(test_frame(1)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
}

TEST_F(StreamPortTest, those_who_try_again_and_again_do_not_fill_the_log) {
  LanPeer first = attach();
  for (int i = 0; i < 50; ++i) attach();
  EXPECT_EQ(warnings().size(), 1U);
  host_.fake_loop().pass(1s);
  attach();
  EXPECT_EQ(warnings().size(), 2U);
}

TEST_F(StreamPortTest, an_impossible_length_costs_the_connection_and_one_log_line) {
  LanPeer peer = attach();
  ASSERT_TRUE(peer.send(test_frame(1)));
  ASSERT_TRUE(peer.socket().send(bytes_of(htobe32(0xfffffff0U))));
  ASSERT_TRUE(peer.send(test_frame(2)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
  EXPECT_THAT(receive(), IsEmpty());
  host_.fake_loop().look();
  EXPECT_TRUE(peer.socket().wait_closed(5s));
  EXPECT_FALSE(host_.peer_present);
  EXPECT_FALSE(host_.wakes);
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("it announced a frame of 4294967280 bytes")));

  LanPeer next = attach();
  ASSERT_TRUE(next.send(test_frame(3)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(3)));
}

TEST_F(StreamPortTest, a_guest_that_leaves_makes_room_for_the_next) {
  {
    LanPeer peer = attach();
    ASSERT_TRUE(peer.send(test_frame(1)));
  }
  EXPECT_THAT(receive(), ElementsAre(test_frame(1))) << "sent before it left";
  EXPECT_THAT(receive(), IsEmpty());
  host_.fake_loop().look();
  EXPECT_FALSE(host_.peer_present);
  EXPECT_FALSE(host_.wakes);
  LanPeer next = attach();
  EXPECT_TRUE(host_.peer_present);
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(StreamPortTest, half_a_frame_of_the_former_guest_is_not_seen_by_the_next) {
  {
    LanPeer peer = attach();
    const Bytes half(30);
    ASSERT_TRUE(peer.socket().send(bytes_of(htobe32(60U))));
    ASSERT_TRUE(peer.socket().send(half));
    EXPECT_THAT(receive(), IsEmpty());
  }
  receive();
  host_.fake_loop().look();
  LanPeer next = attach();
  ASSERT_TRUE(next.send(test_frame(1)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
}

TEST_F(StreamPortTest, a_hypervisor_that_restarts_is_not_taken_for_a_second_one) {
  { LanPeer peer = attach(); }
  LanPeer next = attach();  // before any worker has seen that the first one is gone
  ASSERT_TRUE(host_.peer_present);
  EXPECT_THAT(warnings(), IsEmpty());
  ASSERT_TRUE(next.send(test_frame(1)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
}

TEST_F(StreamPortTest, a_reset_connection_is_noticed) {
  LanPeer peer = attach();
  send({test_frame(1)});
  peer.socket().close();  // with a frame unread, which makes it a reset
  EXPECT_THAT(receive(), IsEmpty());
  host_.fake_loop().look();
  EXPECT_FALSE(host_.peer_present);
}

TEST_F(StreamPortTest, sockets_are_for_owner_and_group_and_go_with_the_port) {
  for (const char* name : {"7.sock", "7.dgram"}) {
    struct stat file {};
    ASSERT_EQ(::lstat(path(name).c_str(), &file), 0) << name;
    EXPECT_EQ(file.st_mode, S_IFSOCK | 0660U) << name;
  }
  LanPeer peer = attach();
  close();
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
  EXPECT_TRUE(peer.socket().wait_closed(5s));
}

}  // namespace
}  // namespace hpvmnet::test
