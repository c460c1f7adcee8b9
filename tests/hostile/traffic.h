#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

#include "base/mac_address.h"
#include "support/test_guest.h"

namespace hpvmnet::test {

/// Two guests that do everything right, and exchange numbered frames in both directions for as long
/// as this lives. They send no faster than the other one takes, so that every frame must arrive.
/// Its own thread.
class Traffic {
 public:
  Traffic(std::filesystem::path first, std::filesystem::path second, std::uint32_t station = 0x100);
  ~Traffic() { stop(); }

  /// Ends the exchange. Once.
  void stop();

  /// Frames that have arrived whole and in order.
  std::uint64_t frames() const { return frames_; }
  /// What has gone wrong: empty where nothing has. After stop().
  const std::string& problem() const { return problem_; }
  /// The longest time between sending a burst and having all of it. After stop().
  std::chrono::milliseconds longest_wait() const { return longest_; }

 private:
  void run(const std::filesystem::path& first, const std::filesystem::path& second);
  void exchange(TestGuest& from, TestGuest& to, MacAddress source, MacAddress destination);

  const std::uint32_t station_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> frames_ = 0;
  std::uint64_t number_ = 0;
  std::string problem_;
  std::chrono::milliseconds longest_{0};
  std::thread thread_;
};

/// A guest that sends broadcasts without end, for others to have something to receive. Its own
/// thread.
class Feeder {
 public:
  explicit Feeder(std::filesystem::path socket);
  ~Feeder();

 private:
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace hpvmnet::test
