#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "control/commands.h"
#include "plugin/adaptor.h"
#include "plugin/filter_factory.h"
#include "support/collecting_log.h"
#include "worker/worker.h"

namespace hpvmnet::test {

/// The whole switch of the daemon in this process, without root: its control thread, its workers,
/// its commands, with the adaptors that a test brings along. Its sockets are in a directory of its
/// own. Missing are only what the daemon keeps on disk and how it is asked from outside.
///
/// Methods are for the test's thread, and wait for the control thread.
class TestSwitch {
 public:
  struct Options {
    std::size_t workers = 1;
    SpinTime spin{0};  ///< sleep at once: each wake-up counts
    std::vector<std::shared_ptr<Adaptor>> adaptors = {};
    std::vector<std::shared_ptr<FilterFactory>> filters = {};
    std::optional<Model> saved = {};  ///< to start with, in place of what a first start has
  };

  explicit TestSwitch(Options options);
  TestSwitch(const TestSwitch&) = delete;
  TestSwitch& operator=(const TestSwitch&) = delete;
  ~TestSwitch();

  /// Runs `work` on the control thread and returns what it returns.
  template <class Work>
  auto command(Work work) -> std::invoke_result_t<Work, Commands&> {
    std::optional<std::invoke_result_t<Work, Commands&>> result;
    run([&](Commands& commands) { result.emplace(work(commands)); });
    return std::move(*result);
  }

  /// Opens a port for a guest of its own, and returns its socket. Errors throw std::runtime_error.
  std::filesystem::path add_port(unsigned number, const std::string& adaptor,
                                 std::optional<VlanId> vlan = std::nullopt,
                                 const std::string& vswitch = kLocalnet);
  void remove_port(unsigned number, const std::string& vswitch = kLocalnet);
  /// Lets guests on an accelerated port have packed rings from now on.
  void offer_packed_rings(unsigned number, const std::string& vswitch = kLocalnet);
  /// Adds a vswitch that is up.
  void add_vswitch(const std::string& name);

  PortStatus port(unsigned number, const std::string& vswitch = kLocalnet);
  PortCounters counters(unsigned number, const std::string& vswitch = kLocalnet) {
    return port(number, vswitch).counters;
  }
  std::uint64_t drops(unsigned number, Drop reason, const std::string& vswitch = kLocalnet) {
    return counters(number, vswitch).drops[static_cast<std::size_t>(reason)];
  }

  CollectingLog& log() { return log_; }

 private:
  class Core;

  void run(const std::function<void(Commands&)>& work);

  CollectingLog log_;
  std::unique_ptr<Core> core_;
};

/// Whether `condition` becomes true within `limit`; looks every few milliseconds.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds limit = std::chrono::milliseconds(5000));

}  // namespace hpvmnet::test
