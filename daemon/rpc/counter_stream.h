#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpvmnet/v1/watch.pb.h"
#include "rpc/watch_stream.h"

namespace hpvmnet {

/// Serves one WatchCounters call. A sample that is due while the client has not taken the last one
/// is left out and counted.
class CounterStream final : public WatchStreamOf<v1::WatchCountersResponse> {
 public:
  static constexpr std::chrono::milliseconds kShortestInterval{100};

  CounterStream(const v1::WatchCountersRequest& request, WatchStreamHost& host);

  void begin(const Commands& commands, EventLoop& loop) override;

 private:
  bool prepare(const Commands& commands, v1::WatchCountersResponse& next) override;
  void left_out() override { ++skipped_; }

  const std::chrono::milliseconds interval_;
  const std::vector<std::string> vswitches_;  // empty: all
  bool due_ = true;
  std::uint64_t skipped_ = 0;
  std::unique_ptr<Watch> timer_;  // the control thread's
};

}  // namespace hpvmnet
