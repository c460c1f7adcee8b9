#include "hostile/traffic.h"

#include <exception>

#include <fmt/format.h>

#include "support/frame_builder.h"

namespace hpvmnet::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kBurst = 48;
constexpr std::chrono::seconds kPatience{20};

}  // namespace

Traffic::Traffic(std::filesystem::path first, std::filesystem::path second, std::uint32_t station)
    : station_(station), thread_([this, first = std::move(first), second = std::move(second)] {
        try {
          run(first, second);
        } catch (const std::exception& error) {
          problem_ = error.what();
        }
      }) {}

void Traffic::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void Traffic::run(const std::filesystem::path& first, const std::filesystem::path& second) {
  TestGuest one(first);
  TestGuest other(second);
  const MacAddress one_mac = test_mac(station_);
  const MacAddress other_mac = test_mac(station_ + 1);
  while (!stopping_ && problem_.empty()) {
    exchange(one, other, one_mac, other_mac);
    exchange(other, one, other_mac, one_mac);
  }
}

// A burst there, of frames of all lengths; then it waits for all of them.
void Traffic::exchange(TestGuest& from, TestGuest& to, MacAddress source, MacAddress destination) {
  const std::uint64_t begin = number_;
  for (; number_ < begin + kBurst; ++number_) {
    const std::size_t length = 60 + number_ * 37 % 1455;
    if (!from.driver().prepare({}, numbered_frame(destination, source, number_, length))) {
      problem_ = "the switch does not return what it has taken";
      return;
    }
  }
  from.driver().ingress().publish();
  const auto sent = Clock::now();
  ReceivedFrame received;
  for (std::uint64_t expected = begin; expected < number_;) {
    if (!to.driver().receive(received)) {
      if (Clock::now() - sent > kPatience) {
        problem_ = fmt::format("frame {} is lost", expected);
        return;
      }
      to.driver().egress().wait(std::chrono::milliseconds(100));
      continue;
    }
    const auto number = number_of(received.frame);
    if (received.frame.size() < 14 || source_of(received.frame) != source)
      continue;  // a stranger's
    if (number != expected) {
      problem_ = number ? fmt::format("frame {} instead of frame {}", *number, expected)
                        : fmt::format("frame {} is damaged", expected);
      return;
    }
    ++expected;
    ++frames_;
  }
  longest_ = std::max(longest_,
                      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - sent));
  from.driver().reclaim();
}

Feeder::Feeder(std::filesystem::path socket)
    : thread_([this, socket = std::move(socket)] {
        TestGuest guest(socket);
        for (std::uint64_t number = 0; !stopping_; ++number) {
          guest.send(numbered_frame(kBroadcast, test_mac(0x200), number, 60 + number % 1455));
          ReceivedFrame frame;
          while (guest.driver().receive(frame)) {
          }
          std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
      }) {}

Feeder::~Feeder() {
  stopping_ = true;
  thread_.join();
}

}  // namespace hpvmnet::test
