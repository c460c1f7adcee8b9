#include "web/api.h"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <system_error>

#include <google/protobuf/util/json_util.h>

#include "hpvmnet/v1/vswitch.pb.h"
#include "metrics/metrics.h"
#include "rpc/convert.h"
#include "web/overview.h"

namespace hpvmnet {
namespace {

// A collector would rather hear that there is no answer than wait.
constexpr std::chrono::seconds kPatience{5};

Visits::Deadline deadline() { return std::chrono::system_clock::now() + kPatience; }

HttpReply refusal(const Error& error) {
  return http_refusal(error.code == ErrorCode::not_found ? 404 : 503, error.text);
}

// The names are those of the contract, in the manner of JSON: macAddressCount. 64-bit numbers are
// strings, and what is zero or empty is left out.
HttpReply json(const google::protobuf::Message& message) {
  HttpReply reply{.type = "application/json", .body = {}};
  if (google::protobuf::util::MessageToJsonString(message, &reply.body).ok()) return reply;
  return http_refusal(500, "the answer cannot be written as JSON");
}

}  // namespace

Result<Survey> Api::survey() {
  Survey survey;
  const Status read = visits_.run(deadline(), [&] { survey = commands_.survey(); });
  if (!read) return tl::unexpected(read.error());
  return survey;
}

HttpReply Api::metrics() {
  const auto read = survey();
  if (!read) return refusal(read.error());
  return {.type = kMetricsType, .body = metrics_text(*read)};
}

HttpReply Api::overview() {
  const auto read = survey();
  if (!read) return refusal(read.error());
  return json(make_overview(*read));
}

HttpReply Api::events(const std::string& after) {
  std::uint64_t number = 0;
  const char* end = after.data() + after.size();
  const auto [stop, error] = std::from_chars(after.data(), end, number);
  if (!after.empty() && (error != std::errc{} || stop != end)) {
    return http_refusal(400, "after is the number of an event");
  }
  v1::EventOverview events;
  const Status read =
      visits_.run(deadline(), [&] { events = make_event_overview(commands_.events(), number); });
  return read ? json(events) : refusal(read.error());
}

HttpReply Api::vswitch(const std::string& name) {
  Result<VswitchStatus> status;
  const Status asked =
      visits_.run(deadline(), [&] { status = commands_.vswitch({.name = name, .number = 0}); });
  if (!asked) return refusal(asked.error());
  if (!status) return refusal(status.error());
  v1::Vswitch vswitch;
  to_proto(*status, vswitch);
  return json(vswitch);
}

}  // namespace hpvmnet
