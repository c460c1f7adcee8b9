#pragma once

#include <optional>
#include <vector>

#include "plugin/adaptor.h"
#include "support/collecting_log.h"
#include "unit/plugins/lan/fake_loop.h"

namespace hpvmnet::test {

/// What a port asks of the daemon, kept for a test to look at. There are no workers: the test calls
/// the port's methods itself.
class FakeHost : public PortHost {
 public:
  EventLoop& loop() override { return loop_; }
  void set_condition(PortCondition /*condition*/) override {}
  void set_peer(bool present) override { peer_present = present; }
  void start_queues(std::span<const int> wake_descriptors) override;
  void stop_queues() override { wakes.reset(); }
  void synchronize() override {}
  CollectingLog& log() override { return log_; }
  FakeLoop& fake_loop() { return loop_; }

  bool peer_present = false;
  std::optional<std::vector<int>> wakes;  ///< of the running queues

 private:
  FakeLoop loop_;
  CollectingLog log_;
};

}  // namespace hpvmnet::test
