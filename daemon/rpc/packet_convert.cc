#include "rpc/packet_convert.h"

#include <vector>

#include <fmt/format.h>

#include "rpc/convert.h"

namespace hpvmnet {
namespace {

void to_proto(Drop drop, v1::DropCounter& to) {
  const DropReason& reason = kDropReasons[static_cast<std::size_t>(drop)];
  to.set_reason(std::string(reason.name));
  to.set_description(std::string(reason.text));
  to.set_frames(1);
}

}  // namespace

Result<CaptureArguments> from_proto(const v1::CaptureRequest& request) {
  CaptureArguments arguments;
  auto vswitch = from_proto(request.vswitch());
  if (!vswitch) return tl::unexpected(vswitch.error());
  arguments.vswitch = *std::move(vswitch);
  CaptureRequest& to = arguments.request;
  to.ingress = request.ingress();
  to.egress = request.egress();
  to.drops = request.drops();
  if (!to.ingress && !to.egress && !to.drops) {
    return fail(ErrorCode::invalid_argument,
                "the request asks for no frames: ask for ingress, egress or drops");
  }
  if (request.has_port()) {
    if (request.port() >= Capture::kPorts) {
      return fail(ErrorCode::invalid_argument, fmt::format("{} is no port number", request.port()));
    }
    to.port = static_cast<std::uint16_t>(request.port());
  }
  if (request.snaplen() != 0) to.longest = request.snaplen();
  auto filter = from_proto(request.filter()).and_then(PacketFilter::make);
  if (!filter) return tl::unexpected(filter.error());
  to.filter = *std::move(filter);
  return arguments;
}

void to_proto(const CaptureRecord& record, std::span<const std::byte> bytes,
              v1::CapturedFrame& to) {
  to.set_time_ns(record.time_ns);
  to.set_port(record.port);
  to.set_came_in_by(record.came_in_by);
  to.set_outbound(record.outbound);
  to.set_length(record.length);
  to.set_data(bytes.data(), bytes.size());
  if (record.kind != CaptureRecord::Kind::drop) return;
  to_proto(static_cast<Drop>(record.reason), *to.mutable_dropped());
}

void to_proto(const Trace& from, v1::TraceResponse& to) {
  for (const Trace::Step& step : from.steps) {
    v1::TraceResponse::Step& added = *to.add_steps();
    added.set_stage(step.stage);
    added.set_text(step.text);
  }
  for (const Trace::Receiver& receiver : from.receivers) {
    v1::TraceResponse::Receiver& added = *to.add_receivers();
    added.set_port(receiver.port);
    added.set_guest(receiver.guest);
    added.set_change(receiver.change);
  }
  to.set_flooded(from.flooded);
  if (from.dropped) to_proto(*from.dropped, *to.mutable_dropped());
  to.set_because(from.because);
}

}  // namespace hpvmnet
