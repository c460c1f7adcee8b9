#include <thread>

#include "support/split_driver_ring.h"
#include "unit/plugins/avio_lan/session_fixture.h"

// The states of rings (QEMU documentation, "Vhost-user Protocol", "Ring states"), which peers get
// wrong.
namespace hpvmnet::avio_lan {
namespace {

using test::split;

class SessionRings : public SessionTest {
 protected:
  TestGuest guest_{socket_};

  // Everything of the guest's that a device may write to.
  Bytes guest_memory() {
    NetDriver& driver = guest_.driver();
    Bytes memory;
    for (test::DriverRing* ring : {&driver.ingress(), &driver.egress()}) {
      guest_.ram().read(ring->used_at(), 6 + 8 * ring->size(), memory);
    }
    return memory;
  }
};

TEST_F(SessionRings, AttachedGuestExchangesFrames) {
  for (unsigned i = 0; i < 100; ++i) expect_traffic(guest_);
  EXPECT_EQ(warnings(), 0U);
  EXPECT_EQ(hub_.counters(1).ingress_frames, 100U);
  EXPECT_EQ(hub_.counters(1).egress_frames, 100U);
  EXPECT_EQ(hub_.counters(1).ingress_bytes, 6000U);
}

// SET_VRING_KICK starts a ring, not the first kick: what is available is taken at once.
TEST_F(SessionRings, StartTakesWhatIsThereWithoutAKick) {
  FrontEnd& front_end = guest_.front_end();
  const std::uint32_t base = front_end.stop_queue(kIngress);
  const Bytes frame = frame_to_other();
  ASSERT_TRUE(guest_.driver().prepare({}, frame));
  guest_.driver().ingress().expose();
  expect_no_frame();
  front_end.start_queue(kIngress, guest_.ram(), guest_.driver().ingress(), base);
  const auto received = other_.receive(kLimit);
  ASSERT_TRUE(received.has_value());
  EXPECT_EQ(received->frame, frame);
}

// Started and disabled: what the guest sends is dropped, it gets nothing; enabled again it goes on.
TEST_F(SessionRings, DisabledRingsDropInBothDirections) {
  FrontEnd& front_end = guest_.front_end();
  expect_traffic(guest_);
  front_end.enable_queue(kIngress, false);
  front_end.enable_queue(kEgress, false);
  const auto egress_before = split(guest_.driver().egress()).used_index();
  for (unsigned i = 0; i < 10; ++i) ASSERT_TRUE(guest_.send(frame_to_other()));
  EXPECT_TRUE(guest_.driver().wait_sent(kLimit));
  ASSERT_TRUE(other_.send(frame_to_guest()));
  EXPECT_TRUE(other_.driver().wait_sent(kLimit));
  expect_no_frame();
  EXPECT_EQ(split(guest_.driver().egress()).used_index(), egress_before);
  EXPECT_EQ(hub_.drops(1, Drop::disabled), 10U);
  front_end.enable_queue(kIngress, true);
  front_end.enable_queue(kEgress, true);
  expect_traffic(guest_);
}

TEST_F(SessionRings, WithoutProtocolFeaturesRingsNeedNotBeEnabled) {
  guest_.detach();
  TestGuest plain(socket_, {.front_end = {.features = test::feature::modern &
                                                      ~test::feature::protocol_features}});
  EXPECT_EQ(plain.front_end().protocol_features(), 0U);
  expect_traffic(plain);
}

TEST_F(SessionRings, LegacyGuestWithTheShortHeaderExchangesFrames) {
  guest_.detach();
  TestGuest legacy(socket_, {.front_end = {.features = test::feature::any_layout |
                                                       test::feature::protocol_features}});
  EXPECT_EQ(legacy.driver().options().header_length, test::kLegacyHeaderLength);
  for (unsigned i = 0; i < 20; ++i) expect_traffic(legacy);
}

TEST_F(SessionRings, LegacyGuestWithMergedBuffersExchangesFrames) {
  guest_.detach();
  TestGuest legacy(socket_, {.front_end = {.features = test::feature::mergeable |
                                                       test::feature::protocol_features}});
  EXPECT_EQ(legacy.driver().options().header_length, test::kHeaderLength);
  for (unsigned i = 0; i < 20; ++i) expect_traffic(legacy);
}

// A driver that has the device look for frames by itself.
TEST_F(SessionRings, RingWithoutKickDescriptorIsPolled) {
  FrontEnd& front_end = guest_.front_end();
  front_end.tell(message(Request::set_vring_kick, std::uint64_t{0x100 | kIngress}));
  for (unsigned i = 0; i < 10; ++i) {
    const Bytes frame = frame_to_other();
    ASSERT_TRUE(guest_.driver().prepare({}, frame));
    guest_.driver().ingress().expose();  // and no kick
    const auto received = other_.receive(kLimit);
    ASSERT_TRUE(received.has_value());
    EXPECT_EQ(received->frame, frame);
  }
  front_end.set_kick(kIngress, guest_.driver().ingress().kick_descriptor());
  expect_traffic(guest_);
}

// GET_VRING_BASE stops a ring: the answer says how far it has got, and nothing happens after it.
TEST_F(SessionRings, GetVringBaseStopsAndTellsTheIndex) {
  for (unsigned i = 0; i < 7; ++i) expect_to_switch(guest_);
  for (unsigned i = 0; i < 4; ++i) expect_from_switch(guest_);
  FrontEnd& front_end = guest_.front_end();
  EXPECT_EQ(front_end.stop_queue(kIngress), 7U);
  EXPECT_EQ(split(guest_.driver().ingress()).used_index(), 7U);
  EXPECT_EQ(front_end.stop_queue(kEgress), 4U);
  EXPECT_EQ(split(guest_.driver().egress()).used_index(), 4U);
  EXPECT_EQ(front_end.stop_queue(kEgress), 4U);
  guest_.driver().egress().interrupts();  // for what came before
  const Bytes before = guest_memory();
  ASSERT_TRUE(guest_.send(frame_to_other()));
  for (unsigned i = 0; i < 100; ++i) ASSERT_TRUE(other_.send(frame_to_guest()));
  expect_no_frame();
  EXPECT_EQ(guest_memory(), before);
  EXPECT_EQ(guest_.driver().egress().interrupts(), 0U);
  front_end.start_queue(kEgress, guest_.ram(), guest_.driver().egress(), 4);
  front_end.start_queue(kIngress, guest_.ram(), guest_.driver().ingress(), 7);
  EXPECT_TRUE(other_.receive(kLimit).has_value());
  expect_traffic(guest_);
}

TEST_F(SessionRings, BaseOfARingThatNeverRanIsZero) {
  guest_.detach();
  FrontEnd front_end(socket_);
  EXPECT_EQ(front_end.stop_queue(0), 0U);
  EXPECT_EQ(front_end.stop_queue(1), 0U);
}

// Stopped one ring, the other goes on.
TEST_F(SessionRings, RingsStopByThemselves) {
  guest_.front_end().stop_queue(kIngress);
  for (unsigned i = 0; i < 10; ++i) expect_from_switch(guest_);
  guest_.front_end().start_queue(kIngress, guest_.ram(), guest_.driver().ingress(),
                                 split(guest_.driver().ingress()).used_index());
  const std::uint32_t base = guest_.front_end().stop_queue(kEgress);
  for (unsigned i = 0; i < 10; ++i) expect_to_switch(guest_);
  guest_.front_end().start_queue(kEgress, guest_.ram(), guest_.driver().egress(), base);
  expect_traffic(guest_);
}

TEST_F(SessionRings, StatusZeroStopsAllRings) {
  expect_traffic(guest_);
  guest_.front_end().tell(message(Request::set_status, std::uint64_t{0xf}));
  expect_traffic(guest_);
  guest_.front_end().tell(message(Request::set_status, std::uint64_t{0}));
  const Bytes before = guest_memory();
  ASSERT_TRUE(guest_.send(frame_to_other()));
  ASSERT_TRUE(other_.send(frame_to_guest()));
  expect_no_frame();
  EXPECT_EQ(guest_memory(), before);
}

TEST_F(SessionRings, ResetDeviceForgetsTheRingsAndKeepsTheMemory) {
  expect_traffic(guest_);
  guest_.front_end().tell(message(Request::reset_device));
  const Bytes before = guest_memory();
  ASSERT_TRUE(guest_.send(frame_to_other()));
  ASSERT_TRUE(other_.send(frame_to_guest()));
  expect_no_frame();
  EXPECT_EQ(guest_memory(), before);
  EXPECT_EQ(guest_.front_end().stop_queue(kIngress), 0U);
  FrontEnd& front_end = guest_.front_end();
  front_end.tell(message(Request::set_features, front_end.features()));
  guest_.driver().reset();
  front_end.start_queue(kEgress, guest_.ram(), guest_.driver().egress());
  front_end.start_queue(kIngress, guest_.ram(), guest_.driver().ingress());
  expect_traffic(guest_);
}

TEST_F(SessionRings, RebootStartsTheRingsFromTheBeginning) {
  for (unsigned i = 0; i < 20; ++i) {
    expect_traffic(guest_);
    guest_.reboot();
  }
  expect_traffic(guest_);
  EXPECT_EQ(warnings(), 0U);
}

// Interrupts go masked and unmasked at any moment: other descriptors under running rings.
TEST_F(SessionRings, CallAndKickMayChangeWhileRingsRun) {
  NetDriver& driver = guest_.driver();
  for (unsigned i = 0; i < 20; ++i) {
    driver.ingress().renew_descriptors();
    driver.egress().renew_descriptors();
    for (const std::uint32_t queue : {kEgress, kIngress}) {
      const test::DriverRing& ring = queue == kEgress ? driver.egress() : driver.ingress();
      guest_.front_end().set_call(queue, ring.call_descriptor());
      guest_.front_end().set_kick(queue, ring.kick_descriptor());
    }
    expect_traffic(guest_);
  }
}

// A guest that polls: no call descriptor at all.
TEST_F(SessionRings, RingWithoutCallDescriptorDoesNotInterrupt) {
  test::DriverRing& ring = guest_.driver().egress();
  guest_.front_end().tell(message(Request::set_vring_call, std::uint64_t{0x100 | kEgress}));
  ring.interrupts();  // of before
  ASSERT_TRUE(other_.send(frame_to_guest()));
  EXPECT_TRUE(test::eventually([&] { return ring.collectable() == 1; }));
  EXPECT_EQ(ring.interrupts(), 0U);
  guest_.front_end().set_call(kEgress, ring.call_descriptor());
  EXPECT_TRUE(test::eventually([&] { return ring.interrupts() > 0; })) << "the guest is not told";
}

// As hypervisors do when a guest moves its interrupts to another processor.
TEST_F(SessionRings, CallDescriptorChangesUnderTraffic) {
  for (unsigned i = 0; i < 200; ++i) {
    guest_.front_end().set_call(kEgress, guest_.driver().egress().call_descriptor());
    guest_.front_end().set_call(kIngress, guest_.driver().ingress().call_descriptor());
    expect_traffic(guest_);
  }
  EXPECT_EQ(hub_.drops(1, Drop::not_ready), 0U);
}

TEST_F(SessionRings, SizeOfAStartedRingCannotChange) {
  guest_.front_end().send(message(Request::set_vring_num, VringState{kIngress, 128}));
  expect_thrown_out(guest_.front_end(), "cannot change while it is started");
}

TEST_F(SessionRings, BaseOfAStartedRingCannotChange) {
  guest_.front_end().send(message(Request::set_vring_base, VringState{kIngress, 100}));
  expect_thrown_out(guest_.front_end(), "cannot change while it is started");
}

TEST_F(SessionRings, RingOutsideGuestMemoryCannotStart) {
  FrontEnd& front_end = guest_.front_end();
  front_end.stop_queue(kIngress);
  const GuestRam::Region& region = guest_.ram().region(0);
  // The used ring ends two bytes behind the memory.
  front_end.tell(message(
      Request::set_vring_addr,
      test::VringAddress{kIngress, 0, region.user, region.user + region.size - 6 - 8 * 256 + 2,
                         region.user + 8192, 0}));
  front_end.send(message(Request::set_vring_kick, std::uint64_t{kIngress},
                         {guest_.driver().ingress().kick_descriptor()}));
  expect_thrown_out(front_end, "not in guest memory");
}

// The guest breaks its ring: that ring rests, with a line in the log; the other goes on; the driver
// that starts it anew gets it back.
TEST_F(SessionRings, BrokenRingRestsUntilItIsStartedAnew) {
  split(guest_.driver().ingress()).set_available_index(0x8000);
  guest_.driver().ingress().kick();
  ASSERT_TRUE(test::eventually([&] { return warnings() == 1; }));
  EXPECT_TRUE(hub_.log().contains("transmit queue"));
  for (unsigned i = 0; i < 10; ++i) expect_from_switch(guest_);
  guest_.reboot();
  expect_traffic(guest_);
  EXPECT_EQ(warnings(), 1U);
}

TEST_F(SessionRings, BrokenEgressRingRestsUntilItIsStartedAnew) {
  split(guest_.driver().egress()).set_available_index(0x8000);
  ASSERT_TRUE(other_.send(frame_to_guest()));
  ASSERT_TRUE(test::eventually([&] { return warnings() == 1; }));
  EXPECT_TRUE(hub_.log().contains("receive queue"));
  for (unsigned i = 0; i < 10; ++i) expect_to_switch(guest_);
  guest_.reboot();
  expect_traffic(guest_);
  EXPECT_EQ(warnings(), 1U);
}

// Enable, disable, stop and start a hundred times under traffic: nothing is damaged, and whatever
// was lost is counted.
TEST_F(SessionRings, RingsMayChangeUnderTraffic) {
  std::atomic<bool> stop = false;
  std::uint64_t sent = 0;
  std::thread traffic([&] {
    while (!stop) {
      if (other_.send(test::numbered_frame(kGuest, kOther, sent))) ++sent;
      std::this_thread::yield();
    }
  });
  FrontEnd& front_end = guest_.front_end();
  std::uint64_t received = 0;
  const auto drain = [&] {
    test::ReceivedFrame frame;
    while (guest_.driver().receive(frame)) {
      ASSERT_TRUE(test::number_of(frame.frame).has_value());
      ++received;
    }
  };
  for (unsigned i = 0; i < 100; ++i) {
    front_end.enable_queue(kEgress, false);
    front_end.enable_queue(kEgress, true);
    drain();
    const std::uint32_t base = front_end.stop_queue(kEgress);
    EXPECT_EQ(base, split(guest_.driver().egress()).used_index());
    front_end.start_queue(kEgress, guest_.ram(), guest_.driver().egress(), base);
    drain();
  }
  stop = true;
  traffic.join();
  ASSERT_TRUE(other_.driver().wait_sent(kLimit));
  drain();
  const auto from = hub_.counters(2);
  EXPECT_EQ(from.ingress_frames, sent);
  const auto to = hub_.counters(1);
  EXPECT_EQ(to.egress_frames, received);
  const auto dropped = [](const PortCounters& counters) {
    std::uint64_t sum = 0;
    for (const std::uint64_t one : counters.drops) sum += one;
    return sum;
  };
  EXPECT_EQ(received + dropped(from) + dropped(to), sent);
  EXPECT_GT(received, 0U);
}

}  // namespace
}  // namespace hpvmnet::avio_lan
