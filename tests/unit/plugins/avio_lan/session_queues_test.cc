#include <array>
#include <deque>
#include <map>
#include <set>
#include <thread>
#include <vector>

#include "unit/plugins/avio_lan/session_fixture.h"

// Several pairs of queues on one port (virtio 1.2, clause 5.1.6.5.6).
namespace hpvmnet::avio_lan {
namespace {

constexpr std::uint32_t kPairs = 4;
constexpr unsigned kFlows = 64;

// A guest with four pairs of queues.
class WideGuest {
 public:
  explicit WideGuest(const std::filesystem::path& socket) : guest_(socket) {
    for (std::uint32_t pair = 1; pair < kPairs; ++pair) {
      more_.emplace_back(guest_.ram(), NetDriver::Options{});
      more_.back().fill();
      front_end().start_queue(2 * pair, guest_.ram(), more_.back().egress());
      front_end().start_queue(2 * pair + 1, guest_.ram(), more_.back().ingress());
    }
  }

  FrontEnd& front_end() { return guest_.front_end(); }
  NetDriver& pair(std::uint32_t number) {
    return number == 0 ? guest_.driver() : more_[number - 1];
  }

 private:
  TestGuest guest_;
  std::deque<NetDriver> more_;
};

// A UDP datagram of a flow, with its place in the flow.
Bytes datagram(MacAddress to, MacAddress from, unsigned flow, unsigned place) {
  Bytes ip(46);
  const auto set = [&](std::size_t at, unsigned value) {
    ip[at] = static_cast<Bytes::value_type>(value);
  };
  set(0, 0x45);
  set(3, 46);
  set(8, 64);
  set(9, 17);
  set(12, 10);
  set(15, 1);
  set(16, 10);
  set(19, 2);
  set(20, 4 + flow / 256);
  set(21, flow % 256);
  set(23, 53);
  set(30, flow);
  set(31, place);
  return test::FrameBuilder().to(to).from(from).type(0x0800).payload(ip).build();
}
unsigned flow_of(const Bytes& frame) { return static_cast<unsigned>(frame[14 + 30]); }
unsigned place_of(const Bytes& frame) { return static_cast<unsigned>(frame[14 + 31]); }

class SessionQueues : public SessionTest {
 protected:
  // Which queues the frames of each flow have come by; their order is checked.
  std::map<unsigned, std::set<std::uint32_t>> receive_flows(unsigned frames) {
    std::map<unsigned, std::set<std::uint32_t>> queues;
    std::map<unsigned, unsigned> next;
    EXPECT_TRUE(test::eventually([&] {
      for (std::uint32_t pair = 0; pair < kPairs; ++pair) {
        test::ReceivedFrame received;
        while (guest_.pair(pair).receive(received)) {
          const unsigned flow = flow_of(received.frame);
          EXPECT_EQ(place_of(received.frame), next[flow]++) << "in flow " << flow;
          queues[flow].insert(pair);
          --frames;
        }
      }
      return frames == 0;
    })) << frames
        << " frames are missing";
    return queues;
  }

  void send_flows(unsigned rounds) {
    for (unsigned place = 0; place < rounds; ++place) {
      for (unsigned flow = 0; flow < kFlows; ++flow) {
        ASSERT_TRUE(other_.send(datagram(kGuest, kOther, flow, place)));
      }
      ASSERT_TRUE(other_.driver().wait_sent(kLimit));
    }
  }

  WideGuest guest_{socket_};
};

TEST_F(SessionQueues, EveryTransmitQueueIsServed) {
  for (std::uint32_t pair = 0; pair < kPairs; ++pair) {
    const Bytes frame = frame_to_other();
    ASSERT_TRUE(guest_.pair(pair).send(frame));
    const auto received = other_.receive(kLimit);
    ASSERT_TRUE(received.has_value()) << "nothing from transmit queue " << pair;
    EXPECT_EQ(received->frame, frame);
  }
}

TEST_F(SessionQueues, FlowsAreSpreadAndStayOnTheirQueues) {
  constexpr unsigned kRounds = 3;
  send_flows(kRounds);
  const auto queues = receive_flows(kRounds * kFlows);
  std::array<unsigned, kPairs> flows{};
  for (const auto& [flow, by] : queues) {
    ASSERT_EQ(by.size(), 1U) << "flow " << flow << " came by several queues";
    ++flows[*by.begin()];
  }
  for (const unsigned on_queue : flows) EXPECT_GT(on_queue, kFlows / kPairs / 4);
}

// As a guest does that is told to use fewer queues (ethtool -L).
TEST_F(SessionQueues, DisabledPairsGetNothingAndLoseNothing) {
  guest_.front_end().enable_queue(2, false);
  guest_.front_end().enable_queue(6, false);
  send_flows(1);
  for (const auto& [flow, by] : receive_flows(kFlows)) {
    EXPECT_TRUE(by.contains(0) || by.contains(2)) << "flow " << flow;
  }
  guest_.front_end().enable_queue(2, true);
  guest_.front_end().enable_queue(6, true);
  send_flows(1);
  std::set<std::uint32_t> used;
  for (const auto& [flow, by] : receive_flows(kFlows)) used.insert(by.begin(), by.end());
  EXPECT_EQ(used.size(), kPairs);
}

TEST_F(SessionQueues, StoppedPairLeavesTheOthersAtWork) {
  guest_.front_end().stop_queue(0);
  guest_.front_end().stop_queue(1);
  const Bytes frame = frame_to_other();
  ASSERT_TRUE(guest_.pair(3).send(frame));
  const auto received = other_.receive(kLimit);
  ASSERT_TRUE(received.has_value());
  EXPECT_EQ(received->frame, frame);
  send_flows(1);
  for (const auto& [flow, by] : receive_flows(kFlows)) EXPECT_FALSE(by.contains(0));
}

// All pairs at once, with two workers, while the sender's rings are suspended and go on.
TEST(SessionQueuesUnderLoad, NothingIsLostOrDisordered) {
  constexpr unsigned kFrames = 3000;
  test::TestSwitch hub({.workers = 2, .adaptors = {std::make_shared<AvioAdaptor>()}});
  WideGuest sender(hub.add_port(1, "avio_lan"));
  WideGuest receiver(hub.add_port(2, "avio_lan"));
  const auto kFrom = test::test_mac(1);
  const auto kTo = test::test_mac(2);
  ASSERT_TRUE(receiver.pair(0).send(test::numbered_frame(kFrom, kTo, 0)));  // is known from now on
  ASSERT_TRUE(receiver.pair(0).wait_sent(5s));

  std::array<std::uint64_t, kPairs> sent{};
  std::array<std::uint64_t, kPairs> next{};
  std::uint64_t total = 0;
  std::uint64_t rest_at = 500;
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  const auto collect = [&] {
    for (std::uint32_t pair = 0; pair < kPairs; ++pair) {
      test::ReceivedFrame received;
      while (receiver.pair(pair).receive(received)) {
        const unsigned flow = flow_of(received.frame);
        ASSERT_EQ(place_of(received.frame), next[flow]++ % 256) << "in flow " << flow;
        ++total;
      }
    }
  };
  // One flow for each pair of the sender, within what the receiver's buffers hold.
  while (total < kPairs * kFrames) {
    for (std::uint32_t pair = 0; pair < kPairs; ++pair) {
      sender.pair(pair).reclaim();
      for (unsigned i = 0; i < 16 && sent[pair] < kFrames && sent[pair] - next[pair] < 48; ++i) {
        const auto place = static_cast<unsigned>(sent[pair] % 256);
        if (!sender.pair(pair).send(datagram(kTo, kFrom, pair, place))) break;
        ++sent[pair];
      }
    }
    collect();
    if (::testing::Test::HasFailure()) return;
    if (total >= rest_at) {  // the sender's rings rest for a moment
      sender.front_end().enable_queue(kIngress, true);
      rest_at += 500;
    }
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << total << " frames have come";
  }
  EXPECT_EQ(hub.drops(2, Drop::no_buffer), 0U);
}

// Two busy ports on one worker while the other one has nothing to do.
TEST(SessionQueuesUnderLoad, QueueThatChangesItsWorkerLosesNothing) {
  test::TestSwitch hub({.workers = 2, .adaptors = {std::make_shared<AvioAdaptor>()}});
  std::deque<TestGuest> guests;  // ports 1 and 3 send to 2 and 4
  for (unsigned port = 1; port <= 4; ++port) {
    guests.emplace_back(hub.add_port(port, "avio_lan"));
    ASSERT_TRUE(
        guests.back().send(test::numbered_frame(test::kBroadcast, test::test_mac(port), 0)));
    ASSERT_TRUE(guests.back().driver().wait_sent(5s));
  }
  for (TestGuest& guest : guests) {
    while (guest.receive(50ms)) {
    }
  }
  const auto worker_of = [&](unsigned port) { return hub.port(port).workers.at(0); };
  ASSERT_EQ(worker_of(1), worker_of(3));
  ASSERT_NE(worker_of(1), worker_of(2));

  std::array<std::uint64_t, 2> sent{};
  std::array<std::uint64_t, 2> received{};
  const auto exchange = [&] {
    for (unsigned i = 0; i < 2; ++i) {
      TestGuest& from = guests[2 * i];
      const auto to = test::test_mac(2 * i + 2);
      from.driver().reclaim();
      for (; sent[i] - received[i] < 64; ++sent[i]) {
        if (!from.send(test::numbered_frame(to, test::test_mac(2 * i + 1), sent[i]))) break;
      }
      test::ReceivedFrame frame;
      while (guests[2 * i + 1].driver().receive(frame)) {
        ASSERT_EQ(test::number_of(frame.frame), received[i]++);
      }
    }
  };
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (worker_of(1) == worker_of(3)) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "no queue has moved";
    for (unsigned i = 0; i < 500; ++i) ASSERT_NO_FATAL_FAILURE(exchange());
  }
  const std::uint64_t at_move = received[0];
  while (received[0] < at_move + 1000) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "no frames after the move";
    ASSERT_NO_FATAL_FAILURE(exchange());
  }
}

}  // namespace
}  // namespace hpvmnet::avio_lan
