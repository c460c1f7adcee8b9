#include "rpc/packet_service.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "rpc/asked.h"
#include "rpc/convert.h"
#include "rpc/errors.h"
#include "rpc/packet_convert.h"

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatchBytes = 256 << 10;
constexpr auto kLookInterval = 10ms;  // while there is nothing
constexpr auto kLongestSilence = 250ms;

/// A capture that ends with its reader.
class Reader {
 public:
  explicit Reader(Capture& capture) : capture_(capture) {}
  ~Reader() { capture_.close(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Whether there are any frames.
  bool fill(v1::CaptureBatch& batch) {
    batch.Clear();
    const bool any = capture_.take(
        kBatchBytes, [&](const CaptureRecord& record, std::span<const std::byte> bytes) {
          to_proto(record, bytes, *batch.add_frames());
        });
    for (const auto& [port, frames] : capture_.lost()) {
      v1::CaptureLoss& loss = *batch.add_losses();
      loss.set_port(port);
      loss.set_frames(frames);
    }
    return any;
  }

 private:
  Capture& capture_;
};

}  // namespace

grpc::Status PacketService::Capture(grpc::ServerContext* context, const v1::CaptureRequest* request,
                                    grpc::ServerWriter<v1::CaptureBatch>* writer) {
  const auto started = gate_.change(asked(*context, *request), from_proto(*request),
                                    [](Commands& commands, const CaptureArguments& to) {
                                      return commands.start_capture(to.vswitch, to.request);
                                    });
  if (!started) return to_grpc(started.error(), *context);
  hpvmnet::Capture& capture = **started;
  Reader reader(capture);
  v1::CaptureBatch batch;
  Clock::time_point written;
  while (!context->IsCancelled()) {
    const bool ended = capture.has_ended();  // before the last frames are taken
    const bool any = reader.fill(batch);
    if (any || Clock::now() - written >= kLongestSilence) {
      if (!writer->Write(batch)) break;
      written = Clock::now();
    } else if (ended) {
      return to_grpc(
          {ErrorCode::not_found, "the vswitch has been deleted, which ended the capture"},
          *context);
    } else {
      std::this_thread::sleep_for(kLookInterval);
    }
  }
  return grpc::Status::CANCELLED;
}

grpc::Status PacketService::Trace(grpc::ServerContext* context, const v1::TraceRequest* request,
                                  v1::TraceResponse* response) {
  const auto trace = gate_.look(context->deadline(), from_proto(request->vswitch()),
                                [&](const Commands& commands, const VswitchName& which) {
                                  return commands.trace(which, request->port(),
                                                        std::as_bytes(std::span(request->frame())));
                                });
  return respond(*context, trace, *response);
}

}  // namespace hpvmnet
