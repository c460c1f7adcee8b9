#include "support/split_driver_ring.h"
#include "unit/plugins/avio_lan/session_fixture.h"

// Hypervisors come and go at any moment.
namespace hpvmnet::avio_lan {
namespace {

class SessionReconnect : public SessionTest {};

// With split rings, or packed ones.
class AnyRingReconnect : public SessionTest, public ::testing::WithParamInterface<bool> {
 protected:
  AnyRingReconnect() {
    if (!GetParam()) return;
    hub_.offer_packed_rings(1);
    options_.front_end.features |= test::feature::packed;
  }
  TestGuest attached() { return {socket_, options_}; }
  // When it returns, the switch has let go of the guest.
  void drop(TestGuest& guest) {
    guest.drop();
    EXPECT_TRUE(test::eventually([&] { return hub_.port(1).state == PortState::reserved; }));
  }

 private:
  TestGuest::Options options_;
};

// QEMU after a broken connection: the base is the used index of a split ring, or what it once was
// of a packed one; so what was offered and not used is taken now, once and in order.
TEST_P(AnyRingReconnect, FramesOfferedMeanwhileArriveOnce) {
  TestGuest guest = attached();
  ASSERT_EQ(guest.driver().ingress().packed(), GetParam());
  for (unsigned round = 0; round < 20; ++round) {
    expect_traffic(guest);
    drop(guest);
    std::vector<Bytes> frames;
    for (unsigned i = 0; i < 10; ++i) {
      frames.push_back(frame_to_other());
      ASSERT_TRUE(guest.send(frames.back()));
    }
    guest.attach(socket_);
    for (const Bytes& frame : frames) {
      const auto received = other_.receive(kLimit);
      ASSERT_TRUE(received.has_value());
      EXPECT_EQ(received->frame, frame);
    }
    expect_traffic(guest);
  }
  EXPECT_EQ(warnings(), 0U);
}

TEST_P(AnyRingReconnect, GuestMayLeaveAndComeBackInOrder) {
  TestGuest guest = attached();
  for (unsigned round = 0; round < 20; ++round) {
    expect_traffic(guest);
    guest.detach();
    guest.attach(socket_);
  }
  expect_traffic(guest);
}

TEST_P(AnyRingReconnect, AnotherGuestMayFollow) {
  for (unsigned round = 0; round < 20; ++round) {
    TestGuest guest = attached();
    expect_traffic(guest);
  }
  EXPECT_EQ(warnings(), 0U);
}

// The driver is new, the memory is not.
TEST_P(AnyRingReconnect, GuestMayRebootWhileItIsAlone) {
  TestGuest guest = attached();
  for (unsigned round = 0; round < 20; ++round) {
    for (unsigned i = 0; i < 30; ++i) expect_traffic(guest);
    drop(guest);
    guest.driver().reset();
    guest.attach(socket_);
  }
  EXPECT_EQ(warnings(), 0U);
}

TEST_P(AnyRingReconnect, GuestMayRebootWhileItIsAttached) {
  TestGuest guest = attached();
  for (unsigned round = 0; round < 20; ++round) {
    for (unsigned i = 0; i < 30; ++i) expect_traffic(guest);
    guest.reboot();
  }
  EXPECT_EQ(warnings(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Rings, AnyRingReconnect, ::testing::Bool(),
                         [](const auto& one) { return one.param ? "packed" : "split"; });

TEST_F(SessionReconnect, PackedRingsAreOfferedWhereThePortIsToldSo) {
  FrontEnd front_end(socket_);
  EXPECT_EQ(front_end.ask(Request::get_features) & test::feature::packed, 0U);
  hub_.offer_packed_rings(1);
  EXPECT_TRUE(front_end.socket().wait_closed(kLimit));
  FrontEnd next(socket_);
  EXPECT_NE(next.ask(Request::get_features) & test::feature::packed, 0U);
}

// One hypervisor at a time: a second one is sent away, and the first does not notice.
TEST_F(SessionReconnect, SecondConnectionIsSentAway) {
  TestGuest guest(socket_);
  for (unsigned i = 0; i < 50; ++i) {
    auto second = test::PeerSocket::connect(socket_, kLimit);
    EXPECT_TRUE(second.wait_closed(kLimit));
  }
  expect_traffic(guest);
  EXPECT_EQ(warnings(), 1U);
}

TEST_F(SessionReconnect, StateOfThePortFollowsTheConnection) {
  EXPECT_EQ(hub_.port(1).state, PortState::reserved);
  TestGuest guest(socket_);
  EXPECT_EQ(hub_.port(1).state, PortState::active);
  guest.drop();
  EXPECT_TRUE(test::eventually([&] { return hub_.port(1).state == PortState::reserved; }));
}

// A thousand connections, half of them with half a message: no descriptor is kept.
TEST_F(SessionReconnect, StormOfConnectionsLeavesNothingBehind) {
  {
    TestGuest warm_up(socket_);
    expect_traffic(warm_up);
  }
  ASSERT_TRUE(test::eventually([&] { return hub_.port(1).state == PortState::reserved; }));
  const std::size_t before = open_descriptors();
  for (unsigned i = 0; i < 1000; ++i) {
    auto peer = test::PeerSocket::connect(socket_, kLimit);
    if (i % 2 == 0) peer.send(Bytes(i % 11 + 1, std::byte{1}));
  }
  EXPECT_TRUE(test::eventually([&] { return open_descriptors() == before; }));
  TestGuest guest(socket_);
  expect_traffic(guest);
}

// Every step of an attachment may be the last one.
TEST_F(SessionReconnect, AttachmentMayEndAfterEachStep) {
  const auto steps = [](TestGuest& guest, FrontEnd& front_end, unsigned last) {
    unsigned step = 0;
    const auto next = [&] { return step++ < last; };
    if (next()) front_end.negotiate();
    if (next()) front_end.share(guest.ram());
    for (const std::uint32_t queue : {kEgress, kIngress}) {
      test::SplitDriverRing ring(guest.ram(), {.size = 256, .event_index = true});
      if (next()) front_end.describe_queue(queue, guest.ram(), ring, 0);
      if (next()) front_end.set_call(queue, ring.call_descriptor());
      if (next()) front_end.set_kick(queue, ring.kick_descriptor());
      if (next()) front_end.enable_queue(queue, true);
      if (next()) front_end.stop_queue(queue);
    }
    return step <= last;
  };
  bool complete = false;
  for (unsigned last = 0; !complete; ++last) {
    TestGuest guest;
    FrontEnd front_end(socket_);
    complete = steps(guest, front_end, last);
  }
  TestGuest guest(socket_);
  expect_traffic(guest);
  EXPECT_EQ(warnings(), 0U);
}

// The administrator takes the port away under a running guest, and gives it back.
TEST_F(SessionReconnect, PortMayBeRemovedUnderTraffic) {
  for (unsigned i = 0; i < 10; ++i) {
    TestGuest guest(socket_);
    expect_traffic(guest);
    for (unsigned k = 0; k < 50; ++k) guest.send(frame_to_other());
    hub_.remove_port(1);
    EXPECT_TRUE(guest.front_end().socket().wait_closed(kLimit));
    EXPECT_FALSE(std::filesystem::exists(socket_));
    EXPECT_EQ(hub_.add_port(1, "avio_lan"), socket_);
    while (other_.receive(kQuiet)) {
    }
  }
}

}  // namespace
}  // namespace hpvmnet::avio_lan
