#include <chrono>
#include <thread>

#include <poll.h>
#include <unistd.h>

#include "unit/plugins/avio_lan/ring_fixture.h"

// Who wakes whom, and when not (virtio 1.2, clauses 2.7.7, 2.7.10 and 2.8.10).
namespace hpvmnet::avio_lan {
namespace {

using namespace std::chrono_literals;
using test::numbered_frame;
using test::ReceivedFrame;

constexpr auto kTo = test::test_mac(1);
constexpr auto kFrom = test::test_mac(2);

class Notification : public ::testing::TestWithParam<Notifying> {
 protected:
  static bool event_index() { return GetParam().event_index; }

  Notification() {
    ingress_.start(setup_of(ram_, driver_.ingress(), {.event_index = event_index()}));
    egress_.start(setup_of(ram_, driver_.egress(), {.event_index = event_index()}));
    kicks();
  }

  std::uint64_t kicks() {
    std::uint64_t count = 0;
    const int kick = driver_.ingress().kick_descriptor();
    return ::read(kick, &count, sizeof count) == sizeof count ? count : 0;
  }
  void send() { ASSERT_TRUE(driver_.send(numbered_frame(kTo, kFrom, 0))); }

  GuestRam ram_;
  NetDriver driver_{ram_, {.event_index = event_index(), .packed = GetParam().packed}};
  IngressSide ingress_;
  EgressSide egress_;
};

TEST_P(Notification, ParkedRingIsKickedOnceByTheNextFrame) {
  EXPECT_EQ(ingress_.ring->park(), Wait::input);
  send();
  EXPECT_EQ(kicks(), 1U);
}

TEST_P(Notification, BusyRingIsNotKicked) {
  ingress_.ring->park();
  send();
  kicks();
  EXPECT_EQ(ingress_.take_burst().size(), 1U);
  for (unsigned i = 0; i < 100; ++i) send();
  EXPECT_EQ(kicks(), 0U);
}

TEST_P(Notification, ParkSeesAFrameThatHasCome) {
  send();
  EXPECT_EQ(ingress_.ring->park(), Wait::nothing);
  EXPECT_EQ(ingress_.take_burst().size(), 1U);
  EXPECT_EQ(ingress_.ring->park(), Wait::input);
}

TEST_P(Notification, SenderIsInterruptedWhereItAsksForIt) {
  driver_.ingress().request_interrupts();
  send();
  EXPECT_EQ(driver_.ingress().interrupts(), 0U);
  ingress_.take_burst();
  EXPECT_EQ(driver_.ingress().interrupts(), 1U);
}

TEST_P(Notification, SenderIsNotInterruptedWhereItDoesNot) {
  driver_.ingress().suppress_interrupts();
  for (unsigned i = 0; i < 50; ++i) {
    send();
    ingress_.take_burst();
  }
  EXPECT_EQ(driver_.ingress().interrupts(), 0U);
}

TEST_P(Notification, ReceiverIsInterruptedOnceABurst) {
  driver_.egress().request_interrupts();
  egress_.send(std::vector<Bytes>(20, numbered_frame(kTo, kFrom, 0)));
  EXPECT_EQ(driver_.egress().interrupts(), 1U);
}

TEST_P(Notification, ReceiverIsNotInterruptedWhereItPolls) {
  driver_.egress().suppress_interrupts();
  ReceivedFrame frame;
  for (unsigned i = 0; i < 50; ++i) {
    egress_.send(numbered_frame(kTo, kFrom, 0));
    ASSERT_TRUE(driver_.receive(frame));
  }
  EXPECT_EQ(driver_.egress().interrupts(), 0U);
}

// Nothing is used, nobody is woken.
TEST_P(Notification, DroppedFrameDoesNotInterrupt) {
  egress_.send(std::vector<Bytes>(64, numbered_frame(kTo, kFrom, 0)));
  for (unsigned i = 0; i < 4; ++i) {
    egress_.send(std::vector<Bytes>(64, numbered_frame(kTo, kFrom, 0)));
  }
  driver_.egress().interrupts();
  driver_.egress().request_interrupts();
  egress_.send(numbered_frame(kTo, kFrom, 0));
  EXPECT_EQ(driver_.egress().interrupts(), 0U);
}

TEST_P(Notification, FullCallEventDoesNotStopTheRing) {
  const std::uint64_t most = ~std::uint64_t{0} - 1;
  ASSERT_EQ(::write(driver_.egress().call_descriptor(), &most, sizeof most),
            static_cast<ssize_t>(sizeof most));
  ReceivedFrame frame;
  for (unsigned i = 0; i < 10; ++i) {
    driver_.egress().request_interrupts();
    egress_.send(numbered_frame(kTo, kFrom, i));
    ASSERT_TRUE(driver_.receive(frame));
  }
}

INSTANTIATE_TEST_SUITE_P(Rings, Notification, ::testing::ValuesIn(all_ways_to_notify()),
                         name_of_case);

// Only with an event index: the driver names the entry that it wants to be woken for, also across
// the end of the index's range.
TEST(EventIndex, InterruptComesWithTheEntryAskedFor) {
  GuestRam ram;
  NetDriver driver(ram, {});
  EgressSide side;
  side.start(setup_of(ram, driver.egress(), {.event_index = true}));
  const std::uint64_t event =
      driver.egress().available_at() + 4 + 2 * std::uint64_t{driver.egress().size()};
  ReceivedFrame frame;
  std::uint16_t used = 0;
  for (unsigned round = 0; round < 7000; ++round) {
    const auto wanted = static_cast<std::uint16_t>(used + 9);
    ram.write(event, test::bytes_of(wanted));
    for (unsigned i = 0; i < 10; ++i) {
      side.send(numbered_frame(kTo, kFrom, i));
      ASSERT_EQ(driver.egress().interrupts(), i == 9 ? 1U : 0U) << "entry " << used;
      ASSERT_TRUE(driver.receive(frame));
      ++used;
    }
  }
}

class LostWakeUp : public ::testing::TestWithParam<Notifying> {};

// Two threads that sleep whenever they may. If one wake-up is lost, one of them sleeps for good.
TEST_P(LostWakeUp, NeverHappens) {
  constexpr std::uint64_t kFrames = 30'000;
  constexpr auto kPatience = 20s;
  GuestRam ram;
  const bool event_index = GetParam().event_index;
  NetDriver driver(ram,
                   {.ingress_size = 64, .event_index = event_index, .packed = GetParam().packed});
  IngressSide side;
  side.start(setup_of(ram, driver.ingress(), {.event_index = event_index}));
  std::atomic<bool> device_lost = false;

  std::thread device([&, kick = driver.ingress().kick_descriptor()] {
    for (std::uint64_t seen = 0; seen < kFrames;) {
      side.burst.clear();
      side.ring->receive(side.burst, side.tally);
      seen += side.burst.size();
      if (!side.burst.empty()) {
        side.ring->release();
      } else if (side.ring->park() == Wait::input) {
        pollfd waited{kick, POLLIN, 0};
        std::uint64_t count = 0;
        if (::poll(&waited, 1, std::chrono::milliseconds(kPatience).count()) <= 0 ||
            ::read(kick, &count, sizeof count) < 0) {
          device_lost = true;
          return;
        }
      }
    }
  });

  bool driver_lost = false;
  for (std::uint64_t sent = 0; sent < kFrames && !driver_lost && !device_lost;) {
    // Sometimes a few frames, sometimes as many as there is room for.
    for (std::uint64_t i = 0; i <= sent % 70 && sent < kFrames; ++i) {
      if (!driver.send(numbered_frame(kTo, kFrom, sent))) break;
      ++sent;
    }
    driver_lost = driver.ingress().chains_out() > 0 && !driver.ingress().wait(kPatience);
    driver.reclaim();
  }
  device.join();
  EXPECT_FALSE(driver_lost) << "the driver was not woken";
  EXPECT_FALSE(device_lost) << "the switch was not woken";
  EXPECT_EQ(all_drops(side.tally), 0U);
}

INSTANTIATE_TEST_SUITE_P(Rings, LostWakeUp, ::testing::ValuesIn(all_ways_to_notify()),
                         name_of_case);

}  // namespace
}  // namespace hpvmnet::avio_lan
