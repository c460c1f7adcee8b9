#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "hpvmnet/v1/watch.pb.h"
#include "rpc/watch_stream.h"

namespace hpvmnet {

/// Serves one WatchEvents call. It keeps the number of the last event that was sent; the journal
/// has the events.
class EventStream final : public WatchStreamOf<v1::WatchEventsResponse> {
 public:
  EventStream(const v1::WatchEventsRequest& request, WatchStreamHost& host);

  void begin(const Commands& commands, EventLoop& loop) override;

 private:
  bool prepare(const Commands& commands, v1::WatchEventsResponse& next) override;

  bool complete() const override { return begun_ && request_.until_now() && sent_ >= last_; }

  const v1::WatchEventsRequest request_;
  const std::set<std::string> vswitches_;  // empty: all
  bool begun_ = false;                     // events may be published before
  bool introduced_ = false;                // the first message has been sent
  bool restarted_ = false;
  std::uint64_t sent_ = 0;
  std::uint64_t last_ = 0;  // when the stream began
};

}  // namespace hpvmnet
