#pragma once

#include <string>

#include "hpvmnet/v1/watch.pb.h"

namespace hpvmnet::cli {

/// "NUMBER  2026-11-26 02:31:48.123  guest_attached  guest web is ...", in UTC, with a line's end.
std::string event_line(const v1::Event& event);

/// What a message says besides events: that some are lost, that the daemon is another one now. A
/// line each; empty where there is nothing.
std::string notice_lines(const v1::WatchEventsResponse& message);

/// The message for programs: one JSON object a line. The first message yields its instance.
std::string event_json_lines(const v1::WatchEventsResponse& message);

}  // namespace hpvmnet::cli
