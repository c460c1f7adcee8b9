#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"
#include "capture/capture.h"
#include "control/edit.h"
#include "hpvmnet/v1/packet.pb.h"
#include "trace/trace.h"

namespace hpvmnet {

// The messages of PacketService, as convert.h has those of the others.

struct CaptureArguments {
  VswitchName vswitch;
  CaptureRequest request;
};

/// `invalid_argument` where it asks for nothing, or the filter is none.
Result<CaptureArguments> from_proto(const v1::CaptureRequest& request);

void to_proto(const CaptureRecord& record, std::span<const std::byte> bytes, v1::CapturedFrame& to);

void to_proto(const Trace& from, v1::TraceResponse& to);

}  // namespace hpvmnet
