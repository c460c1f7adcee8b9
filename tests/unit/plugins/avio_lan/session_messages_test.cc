#include <functional>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/plugins/avio_lan/session_fixture.h"

// Messages by themselves: what the protocol says of each, and what happens to a front end that
// sends something else.
namespace hpvmnet::avio_lan {
namespace {

namespace protocol_feature = test::protocol_feature;
namespace feature = test::feature;

class SessionMessages : public SessionTest {
 protected:
  SessionMessages() { front_end_.negotiate(); }
  FrontEnd front_end_{socket_};
};

TEST_F(SessionMessages, OfferedFeaturesAreThoseOfTheManual) {
  EXPECT_EQ(front_end_.features(), feature::modern);
  EXPECT_TRUE(front_end_.offered() & feature::mtu);
  EXPECT_FALSE(front_end_.offered() & feature::log_all);
  EXPECT_FALSE(front_end_.offered() & feature::packed);
  EXPECT_EQ(front_end_.protocol_features(), protocol_feature::all);
  EXPECT_EQ(front_end_.ask(Request::get_queue_num), 16U);
  EXPECT_EQ(front_end_.ask(Request::get_max_mem_slots), 509U);
}

// With REPLY_ACK each message that has no answer of its own is acknowledged where that is asked
// for, and each that has one is answered once.
TEST_F(SessionMessages, NeedReplyIsAnsweredOnceByEachMessage) {
  const Message with_answer[] = {
      message(Request::get_features),  message(Request::get_protocol_features),
      message(Request::get_queue_num), message(Request::get_max_mem_slots),
      message(Request::get_status),    message(Request::get_vring_base, VringState{0, 0})};
  for (Message request : with_answer) {
    request.header.flags |= test::kNeedReply;
    ASSERT_TRUE(front_end_.send(request));
    const auto answer = front_end_.read_message(kLimit);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->header.request, request.header.request);
    EXPECT_FALSE(front_end_.read_message(kQuiet).has_value()) << request.header.request;
  }
  const Message without[] = {message(Request::set_owner),
                             message(Request::set_features, feature::modern),
                             message(Request::net_set_mtu, std::uint64_t{1500}),
                             message(Request::set_status, std::uint64_t{1}),
                             message(Request::set_vring_num, VringState{0, 256}),
                             message(Request::set_vring_base, VringState{0, 0}),
                             message(Request::set_vring_enable, VringState{0, 1}),
                             message(Request::reset_owner),
                             message(Request::reset_device)};
  for (const Message& request : without) {
    EXPECT_EQ(front_end_.acknowledged(request), 0U) << request.header.request;
  }
}

TEST_F(SessionMessages, WithoutReplyAckNothingIsAcknowledged) {
  ASSERT_TRUE(front_end_.send(message(Request::set_protocol_features, std::uint64_t{0})));
  Message request = message(Request::set_owner);
  request.header.flags |= test::kNeedReply;
  ASSERT_TRUE(front_end_.send(request));
  EXPECT_FALSE(front_end_.read_message(kQuiet).has_value());
  EXPECT_EQ(front_end_.ask(Request::get_features), front_end_.offered());
}

TEST_F(SessionMessages, UnusableMtuIsRefusedAndTheConnectionLives) {
  EXPECT_EQ(front_end_.acknowledged(message(Request::net_set_mtu, std::uint64_t{9000})), 0U);
  for (const std::uint64_t mtu : {0ULL, 67ULL, 65536ULL, ~0ULL}) {
    const auto status = front_end_.acknowledged(message(Request::net_set_mtu, mtu));
    ASSERT_TRUE(status.has_value());
    EXPECT_NE(*status, 0U) << mtu;
  }
  EXPECT_EQ(front_end_.ask(Request::get_features), front_end_.offered());
}

TEST_F(SessionMessages, StatusIsKept) {
  EXPECT_EQ(front_end_.ask(Request::get_status), 0U);
  for (const std::uint64_t status : {1ULL, 3ULL, 11ULL, 15ULL, 0x4fULL}) {
    front_end_.tell(message(Request::set_status, status));
    EXPECT_EQ(front_end_.ask(Request::get_status), status);
  }
  front_end_.tell(message(Request::reset_device));
  EXPECT_EQ(front_end_.ask(Request::get_status), 0U);
}

// A byte at a time, with the descriptor on the first one.
TEST_F(SessionTest, MessagesMayComeInPieces) {
  FrontEnd front_end(socket_);
  const Bytes question = FrontEnd::encode(message(Request::get_features));
  for (const std::byte byte : question) {
    ASSERT_TRUE(front_end.socket().send(bytes_of(byte)));
    std::this_thread::sleep_for(1ms);
  }
  const auto answer = front_end.read_message(kLimit);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->header.size, 8U);

  const Fd call(::eventfd(0, EFD_NONBLOCK));
  const Bytes with_descriptor =
      FrontEnd::encode(message(Request::set_vring_call, std::uint64_t{1}));
  for (std::size_t i = 0; i < with_descriptor.size(); ++i) {
    const std::vector<int> descriptors = i == 0 ? std::vector{call.get()} : std::vector<int>{};
    ASSERT_TRUE(front_end.socket().send(bytes_of(with_descriptor[i]), descriptors));
  }
  front_end.negotiate();
  EXPECT_EQ(warnings(), 0U);
}

// Many at once, in one piece: the port serves them all.
TEST_F(SessionTest, MessagesMayComeInBulk) {
  FrontEnd front_end(socket_);
  Bytes bulk;
  for (unsigned i = 0; i < 100; ++i) {
    test::append(bulk, FrontEnd::encode(message(Request::get_features)));
  }
  ASSERT_TRUE(front_end.socket().send(bulk));
  for (unsigned i = 0; i < 100; ++i) ASSERT_TRUE(front_end.read_message(kLimit).has_value()) << i;
}

// What front ends do wrong. Each costs its connection, tells the administrator, and leaves the port
// ready for the next one.
struct Violation {
  std::string name;
  std::function<std::vector<Message>()> messages;
  std::string why;  // part of the line in the log
};

Message with_header(Message any, std::uint32_t flags, std::uint32_t size) {
  any.header.flags = flags;
  any.header.size = size;
  return any;
}

Message numbered(std::uint32_t request, std::size_t payload = 0) {
  return {{request, test::kVersion, static_cast<std::uint32_t>(payload)}, Bytes(payload), {}};
}

Violation one(const std::string& name, const Message& any, const std::string& why) {
  return {name, [any] { return std::vector{any}; }, why};
}

std::vector<Violation> violations() {
  std::vector<Violation> cases{
      one("version_0", with_header(message(Request::get_features), 0, 0), "version 0"),
      one("version_2", with_header(message(Request::get_features), 2, 0), "version 2"),
      one("version_3", with_header(message(Request::get_features), 3, 0), "version 3"),
      one("reply", with_header(message(Request::get_features), 5, 0), "reply"),
      one("request_0", numbered(0), "message 0"),
      one("log_base", numbered(6, 16), "message 6"),
      one("postcopy", numbered(28), "message 28"),
      one("inflight", numbered(31, 24), "message 31"),
      one("request_46", numbered(46), "message 46"),
      one("request_huge", numbered(0xffff'ffff), "message 4294967295"),
      one("size_huge", with_header(message(Request::get_features), 1, 0xffff'ffff),
          "GET_FEATURES with a payload of 4294967295 bytes"),
      one("features_not_offered", message(Request::set_features, std::uint64_t{1} << 34),
          "SET_FEATURES"),
      one("protocol_features_not_offered",
          message(Request::set_protocol_features, std::uint64_t{1} << 19), "SET_PROTOCOL_FEATURES"),
      one("status_of_9_bits", message(Request::set_status, std::uint64_t{0x100}), "SET_STATUS"),
      one("ring_32", message(Request::set_vring_num, VringState{32, 256}), "ring 32"),
      one("ring_0x10000", message(Request::set_vring_num, VringState{0x10000, 256}), "65536"),
      one("ring_255_kick", message(Request::set_vring_kick, std::uint64_t{0x1ff}), "255"),
      one("base_of_ring_32", message(Request::get_vring_base, VringState{32, 0}), "ring 32"),
      one("enable_ring_32", message(Request::set_vring_enable, VringState{32, 1}), "ring 32"),
      one("enable_twice_as_much", message(Request::set_vring_enable, VringState{0, 2}), "2"),
      one("ring_of_nothing", message(Request::set_vring_num, VringState{0, 0}), "power of two"),
      one("ring_of_3", message(Request::set_vring_num, VringState{0, 3}), "power of two"),
      one("ring_of_65536", message(Request::set_vring_num, VringState{0, 65536}), "32768"),
      one("base_of_17_bits", message(Request::set_vring_base, VringState{0, 0x10000}), "16 bits"),
      one("descriptors_misaligned",
          message(Request::set_vring_addr, test::VringAddress{0, 0, 8, 0, 0, 0}), "aligned"),
      one("available_misaligned",
          message(Request::set_vring_addr, test::VringAddress{0, 0, 0, 0, 1, 0}), "aligned"),
      one("used_misaligned", message(Request::set_vring_addr, test::VringAddress{0, 0, 0, 2, 0, 0}),
          "aligned"),
      one("log_flag", message(Request::set_vring_addr, test::VringAddress{0, 1, 0, 0, 0, 0}),
          "flags"),
      one("kick_without_descriptor", message(Request::set_vring_kick, std::uint64_t{0}),
          "SET_VRING_KICK"),
      one("start_of_nothing", message(Request::set_vring_kick, std::uint64_t{0x101}), "size"),
      one("unknown_region", numbered(38, 40), "REM_MEM_REG"),
      one("region_without_file", numbered(37, 40), "ADD_MEM_REG with 0 file descriptors"),
      one("table_of_9", message(Request::set_mem_table, VringState{9, 0}), "SET_MEM_TABLE"),
      one("table_says_1_has_0", message(Request::set_mem_table, VringState{1, 0}), "SET_MEM_TABLE"),
      one("table_says_4_billion", message(Request::set_mem_table, VringState{0xffff'ffff, 0}),
          "SET_MEM_TABLE"),
  };
  cases.push_back({"features_without_negotiation",
                   [] {
                     return std::vector{message(Request::set_protocol_features, std::uint64_t{0}),
                                        message(Request::get_queue_num)};
                   },
                   "not negotiated"});
  return cases;
}

class SessionViolation : public SessionMessages, public ::testing::WithParamInterface<Violation> {};

TEST_P(SessionViolation, CostsTheConnection) {
  for (const Message& any : GetParam().messages()) ASSERT_TRUE(front_end_.send(any));
  expect_thrown_out(front_end_, GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(Messages, SessionViolation, ::testing::ValuesIn(violations()),
                         [](const auto& each) { return each.param.name; });

// Every message with every wrong size and number of descriptors: closed, and no descriptor kept.
TEST_F(SessionTest, WrongSizesAndDescriptorCountsLeakNothing) {
  const Fd event(::eventfd(0, EFD_NONBLOCK));
  { TestGuest warm_up(socket_); }
  ASSERT_TRUE(test::eventually([&] { return !hub_.port(1).active.size(); }));
  const std::size_t before = open_descriptors();
  for (std::uint32_t request = 0; request <= test::kLastRequest + 1; ++request) {
    for (const std::size_t size : {0U, 1U, 7U, 9U, 41U, 265U, 4096U}) {
      for (const std::size_t count : {0U, 1U, 8U, 9U, 64U, 253U}) {
        FrontEnd front_end(socket_);
        Message any = numbered(request, size);
        any.descriptors.assign(count, event.get());
        front_end.send(any);
      }
    }
  }
  EXPECT_TRUE(test::eventually([&] { return open_descriptors() == before; }))
      << open_descriptors() << " descriptors, " << before << " before";
  TestGuest next(socket_);
  expect_traffic(next);
}

// Descriptors that are no eventfds: a worker that waits for or writes to them could do anything.
TEST_F(SessionTest, KickAndCallMustBeEventDescriptors) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  const Fd owned[] = {Fd(pipe_ends[0]),
                      Fd(pipe_ends[1]),
                      Fd(pair[0]),
                      Fd(pair[1]),
                      Fd(::open("/dev/null", O_RDWR)),
                      Fd(::open("/proc/self/exe", O_RDONLY))};
  for (const Request request :
       {Request::set_vring_kick, Request::set_vring_call, Request::set_vring_err}) {
    for (const Fd& odd : owned) {
      FrontEnd front_end(socket_);
      front_end.negotiate();
      ASSERT_TRUE(front_end.send(message(request, std::uint64_t{1}, {odd.get()})));
      EXPECT_TRUE(front_end.socket().wait_closed(kLimit));
    }
  }
  TestGuest next(socket_);
  expect_traffic(next);
}

// A front end that asks and asks and does not read the answers.
TEST_F(SessionTest, PeerThatNeverReadsLosesItsConnection) {
  FrontEnd front_end(socket_);
  Bytes bulk;
  for (unsigned i = 0; i < 1000; ++i) {
    test::append(bulk, FrontEnd::encode(message(Request::get_features)));
  }
  unsigned rounds = 0;
  while (rounds < 1000 && front_end.socket().send(bulk, {}, 1s)) ++rounds;
  EXPECT_LT(rounds, 1000U) << "a million answers were kept for a peer that does not read";
  expect_thrown_out(front_end, "does not read");
}

}  // namespace
}  // namespace hpvmnet::avio_lan
