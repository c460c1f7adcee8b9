#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include <grpcpp/support/server_callback.h>

#include "control/commands.h"
#include "control/loop.h"

namespace hpvmnet {

/// A stream to one client that watches, on the control thread's side. It holds at most one message,
/// the one that the client has not taken yet, and no thread.
class WatchStream {
 public:
  virtual ~WatchStream() = default;

  /// Begins; once. Control thread.
  virtual void begin(const Commands& commands, EventLoop& loop) = 0;
  /// Sends what there is to send, if the client has taken the last message. Control thread.
  virtual void look(const Commands& commands) = 0;
  /// Ends the call, as soon as the message under way has been taken. Control thread.
  virtual void end(const grpc::Status& why) = 0;
};

/// What a stream asks of its service. Any thread.
class WatchStreamHost {
 public:
  virtual ~WatchStreamHost() = default;
  /// Has look() called soon.
  virtual void look_soon(WatchStream& stream) = 0;
  /// The call has ended; the stream can go.
  virtual void ended(WatchStream& stream) = 0;
};

/// The part that speaks to gRPC, which calls from threads of its own.
template <class Response>
class WatchStreamOf : public WatchStream, public grpc::ServerWriteReactor<Response> {
 public:
  explicit WatchStreamOf(WatchStreamHost& host) : host_(host) {}

  void look(const Commands& commands) final {
    const std::lock_guard guard(lock_);
    if (ended_) return;
    if (writing_) {
      left_out();
    } else if (prepare(commands, response_)) {
      writing_ = true;
      this->StartWrite(&response_);
    } else if (complete()) {
      ended_ = true;
      this->Finish(grpc::Status::OK);
    }
  }

  void end(const grpc::Status& why) final {
    const std::lock_guard guard(lock_);
    if (std::exchange(ended_, true)) return;
    status_ = why;
    if (!writing_) this->Finish(status_);
  }

  void OnWriteDone(bool ok) final {
    {
      const std::lock_guard guard(lock_);
      writing_ = false;
      if (!ok && !std::exchange(ended_, true)) status_ = grpc::Status::CANCELLED;
      if (ended_) return this->Finish(status_);
    }
    host_.look_soon(*this);
  }
  void OnCancel() final { end(grpc::Status::CANCELLED); }
  void OnDone() final { host_.ended(*this); }

 private:
  /// Fills `next` with the next message; false: there is nothing to say. Control thread.
  virtual bool prepare(const Commands& commands, Response& next) = 0;
  /// Whether there will be nothing to say any more. Control thread.
  virtual bool complete() const { return false; }
  /// look() found that the client has not taken the last message. Control thread.
  virtual void left_out() {}

  WatchStreamHost& host_;
  std::mutex lock_;  // guards what follows, and is held by prepare()
  bool writing_ = false;
  bool ended_ = false;
  grpc::Status status_;
  Response response_;
};

}  // namespace hpvmnet
