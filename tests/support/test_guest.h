#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "support/front_end.h"
#include "support/net_driver.h"

namespace hpvmnet::test {

/// A whole guest on an accelerated port: memory, front end and driver. One thread.
class TestGuest {
 public:
  struct Options {
    FrontEndOptions front_end = {};
    NetDriver::Options driver = {};  ///< what follows from the features is set by attach()
    std::vector<RegionLayout> memory = {{0, 64U << 20}};
  };

  TestGuest() : TestGuest(Options{}) {}
  explicit TestGuest(const Options& options) : options_(options), ram_(options.memory) {}
  /// Attaches at once.
  explicit TestGuest(const std::filesystem::path& socket) : TestGuest() { attach(socket); }
  TestGuest(const std::filesystem::path& socket, const Options& options) : TestGuest(options) {
    attach(socket);
  }

  /// Connects, negotiates and starts both queues. The first time the driver is new; later it goes
  /// on where it was, as a guest whose hypervisor reconnects: from where detach() was told, or
  /// after drop() from what the ring in memory says.
  void attach(const std::filesystem::path& socket);

  /// Stops both queues and disconnects, as on a shutdown or a migration.
  void detach();
  /// Disconnects without a word, as when the hypervisor dies.
  void drop() { front_end_.reset(); }

  /// As a guest that reboots: stops the queues, resets the driver, and starts them again, on the
  /// same connection.
  void reboot();

  GuestRam& ram() { return ram_; }
  FrontEnd& front_end() { return *front_end_; }
  NetDriver& driver() { return *driver_; }

  bool send(ByteView frame, const ChainShape& shape = {}) { return driver_->send(frame, shape); }
  std::optional<ReceivedFrame> receive(Milliseconds limit) { return driver_->receive(limit); }

 private:
  void start(std::uint32_t ingress_base, std::uint32_t egress_base);

  Options options_;
  GuestRam ram_;
  std::optional<FrontEnd> front_end_;
  std::optional<NetDriver> driver_;
  std::optional<std::uint32_t> ingress_base_;  // as detach() was told
  std::optional<std::uint32_t> egress_base_;
};

}  // namespace hpvmnet::test
