#include "rpc/watch_service.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "rpc/counter_stream.h"
#include "rpc/errors.h"
#include "rpc/event_stream.h"

namespace hpvmnet {
namespace {

Status judge(const v1::WatchEventsRequest&) { return {}; }

Status judge(const v1::WatchCountersRequest& request) {
  const auto interval = std::chrono::milliseconds(request.interval_ms());
  if (interval.count() == 0 || interval >= CounterStream::kShortestInterval) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("an interval of {} ms is too short; the shortest is {} ms",
                          interval.count(), CounterStream::kShortestInterval.count()));
}

}  // namespace

grpc::ServerWriteReactor<v1::WatchEventsResponse>* WatchService::WatchEvents(
    grpc::CallbackServerContext* context, const v1::WatchEventsRequest* request) {
  return start<EventStream>(*context, *request, judge(*request));
}

grpc::ServerWriteReactor<v1::WatchCountersResponse>* WatchService::WatchCounters(
    grpc::CallbackServerContext* context, const v1::WatchCountersRequest* request) {
  return start<CounterStream>(*context, *request, judge(*request));
}

// A stream that is refused is one that ends before it begins.
template <class Stream, class Request>
Stream* WatchService::start(grpc::CallbackServerContext& context, const Request& request,
                            Status judged) {
  const auto stream = std::make_shared<Stream>(request, static_cast<WatchStreamHost&>(*this));
  const Status admitted = admit(stream);
  if (judged) judged = admitted;
  if (!judged) {
    stream->end(to_grpc(judged.error(), context));
  } else {
    gate_.post([this, weak = std::weak_ptr(stream)](const Commands& commands, EventLoop& loop) {
      const auto begun = weak.lock();
      if (!begun) return;
      subscribe(commands);
      begun->begin(commands, loop);
    });
  }
  return stream.get();
}

Status WatchService::admit(const std::shared_ptr<WatchStream>& stream) {
  const std::lock_guard guard(lock_);
  streams_.push_back(stream);
  if (stopped_) {
    return fail(ErrorCode::unavailable, "hpvmnetd is stopping; try again when it runs again");
  }
  if (streams_.size() <= kMostStreams) return {};
  return fail(ErrorCode::resource_exhausted,
              fmt::format("{} clients watch already, which is the most", kMostStreams));
}

// Once, for all streams.
void WatchService::subscribe(const Commands& commands) {
  if (subscription_) return;
  subscription_ = commands.events().subscribe([this, &commands](const Event&) {
    std::unique_lock guard(lock_);
    const auto streams = streams_;
    guard.unlock();
    for (const auto& stream : streams) {
      if (dynamic_cast<EventStream*>(stream.get()) != nullptr) stream->look(commands);
    }
  });
}

void WatchService::look_soon(WatchStream& stream) {
  std::weak_ptr<WatchStream> weak;
  {
    const std::lock_guard guard(lock_);
    const auto found = std::ranges::find(streams_, &stream, &std::shared_ptr<WatchStream>::get);
    if (found == streams_.end()) return;
    weak = *found;
  }
  gate_.post([weak](const Commands& commands, EventLoop&) {
    if (const auto there = weak.lock()) there->look(commands);
  });
}

void WatchService::ended(WatchStream& stream) {
  const std::lock_guard guard(lock_);
  const auto found = std::ranges::find(streams_, &stream, &std::shared_ptr<WatchStream>::get);
  gate_.post([this, weak = std::weak_ptr(*found)](const Commands&, EventLoop&) {
    const auto there = weak.lock();
    if (!there) return;  // and so may the service be
    const std::lock_guard erasing(lock_);
    std::erase(streams_, there);
  });
}

void WatchService::stop() {
  std::unique_lock guard(lock_);
  stopped_ = true;
  const auto streams = streams_;
  guard.unlock();
  for (const auto& stream : streams) {
    stream->end({grpc::StatusCode::UNAVAILABLE, "hpvmnetd is stopping"});
  }
}

}  // namespace hpvmnet
