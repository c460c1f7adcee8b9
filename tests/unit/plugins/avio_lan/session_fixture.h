#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "avio_lan/adaptor.h"
#include "support/frame_builder.h"
#include "support/test_guest.h"
#include "support/test_switch.h"

// Accelerated ports of a whole switch, as a front end meets them: over their sockets.
namespace hpvmnet::avio_lan {

using namespace std::chrono_literals;
using test::Bytes;
using test::bytes_of;
using test::ByteView;
using test::FrontEnd;
using test::FrontEndOptions;
using test::GuestRam;
using test::message;
using test::Message;
using test::NetDriver;
using test::Request;
using test::TestGuest;
using test::VringState;

inline constexpr std::uint32_t kEgress = NetDriver::kEgressQueue;
inline constexpr std::uint32_t kIngress = NetDriver::kIngressQueue;

/// A switch with two ports. On the second one is a guest that does everything right.
class SessionTest : public ::testing::Test {
 protected:
  static constexpr auto kLimit = 5s;    // for what must happen
  static constexpr auto kQuiet = 50ms;  // for what must not

  SessionTest();

  /// A frame passes in each direction between `guest`, on the first port, and the other one.
  void expect_traffic(TestGuest& guest);
  void expect_to_switch(TestGuest& guest);
  void expect_from_switch(TestGuest& guest);
  /// Nothing passes from `guest` to the other one.
  void expect_no_frame();

  Bytes frame_to_other() { return test::numbered_frame(kOther, kGuest, ++number_); }
  Bytes frame_to_guest() { return test::numbered_frame(kGuest, kOther, ++number_); }

  /// The port has closed the connection, said so in one line that contains `why`, and takes a new
  /// guest.
  void expect_thrown_out(FrontEnd& front_end, const std::string& why = "");
  std::size_t warnings() { return hub_.log().lines(LogLevel::warning).size(); }

  static constexpr auto kGuest = test::test_mac(1);
  static constexpr auto kOther = test::test_mac(2);

  test::TestSwitch hub_;
  const std::filesystem::path socket_ = hub_.add_port(1, "avio_lan");
  TestGuest other_{hub_.add_port(2, "avio_lan")};
  std::uint64_t number_ = 0;
};

/// Descriptors that this process, which is both sides, has open.
std::size_t open_descriptors();

}  // namespace hpvmnet::avio_lan
