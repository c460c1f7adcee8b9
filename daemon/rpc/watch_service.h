#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "control/event_journal.h"
#include "hpvmnet/v1/watch.grpc.pb.h"
#include "rpc/gate.h"
#include "rpc/watch_stream.h"

namespace hpvmnet {

/// Serves hpvmnet.v1.WatchService: streams that hold no thread while they wait. The gate outlives
/// it. Made and ended on the control thread.
class WatchService final : public v1::WatchService::CallbackService, private WatchStreamHost {
 public:
  /// Streams at a time; the next one is answered with RESOURCE_EXHAUSTED.
  static constexpr std::size_t kMostStreams = 128;

  explicit WatchService(Gate& gate) : gate_(gate) {}

  grpc::ServerWriteReactor<v1::WatchEventsResponse>* WatchEvents(
      grpc::CallbackServerContext* context, const v1::WatchEventsRequest* request) override;
  grpc::ServerWriteReactor<v1::WatchCountersResponse>* WatchCounters(
      grpc::CallbackServerContext* context, const v1::WatchCountersRequest* request) override;

  /// Ends all streams. Control thread.
  void stop();

 private:
  template <class Stream, class Request>
  Stream* start(grpc::CallbackServerContext& context, const Request& request, Status judged);
  Status admit(const std::shared_ptr<WatchStream>& stream);
  void subscribe(const Commands& commands);

  void look_soon(WatchStream& stream) override;
  void ended(WatchStream& stream) override;

  Gate& gate_;
  std::unique_ptr<EventJournal::Subscription> subscription_;  // the control thread's
  std::mutex lock_;                                           // guards what follows
  std::vector<std::shared_ptr<WatchStream>> streams_;         // emptied by the control thread alone
  bool stopped_ = false;
};

}  // namespace hpvmnet
