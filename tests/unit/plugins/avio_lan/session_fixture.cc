#include "unit/plugins/avio_lan/session_fixture.h"

#include <iterator>

namespace hpvmnet::avio_lan {
namespace {

constexpr std::string_view kFarewell =
    "vswitch localnet port 1: the hypervisor's connection was closed: ";

}  // namespace

SessionTest::SessionTest() : hub_({.adaptors = {std::make_shared<AvioAdaptor>()}}) {}

void SessionTest::expect_traffic(TestGuest& guest) {
  expect_to_switch(guest);
  expect_from_switch(guest);
}

void SessionTest::expect_to_switch(TestGuest& guest) {
  const Bytes frame = frame_to_other();
  ASSERT_TRUE(guest.send(frame));
  const auto received = other_.receive(kLimit);
  ASSERT_TRUE(received.has_value()) << "no frame from the guest";
  EXPECT_EQ(received->frame, frame);
}

void SessionTest::expect_from_switch(TestGuest& guest) {
  const Bytes frame = frame_to_guest();
  ASSERT_TRUE(other_.send(frame));
  const auto received = guest.receive(kLimit);
  ASSERT_TRUE(received.has_value()) << "no frame to the guest";
  EXPECT_EQ(received->frame, frame);
}

void SessionTest::expect_no_frame() { EXPECT_FALSE(other_.receive(kQuiet).has_value()); }

void SessionTest::expect_thrown_out(FrontEnd& front_end, const std::string& why) {
  EXPECT_TRUE(front_end.socket().wait_closed(kLimit)) << "the connection stays open";
  const auto farewells = [&] {
    std::vector<std::string> lines = hub_.log().lines(LogLevel::warning);
    std::erase_if(lines, [](const std::string& line) { return !line.starts_with(kFarewell); });
    return lines;
  };
  ASSERT_TRUE(test::eventually([&] { return !farewells().empty(); })) << "no line in the log";
  EXPECT_EQ(farewells().size(), 1U);
  EXPECT_NE(farewells().front().find(why), std::string::npos) << farewells().front();
  while (other_.receive(kQuiet)) {  // what the guest may have sent before
  }
  TestGuest next(socket_);
  expect_traffic(next);
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator list("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(list), end(list)));
}

}  // namespace hpvmnet::avio_lan
