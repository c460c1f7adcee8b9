#include "rpc/audit_log.h"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/time_util.h>
#include <unistd.h>

#include "hpvmnet/v1/audit.pb.h"
#include "rpc/errors.h"

namespace hpvmnet {
namespace {

constexpr mode_t kMode = 0640;

std::string now() {
  using google::protobuf::util::TimeUtil;
  const auto time = std::chrono::system_clock::now().time_since_epoch();
  return TimeUtil::ToString(TimeUtil::MillisecondsToTimestamp(
      std::chrono::duration_cast<std::chrono::milliseconds>(time).count()));
}

// Certificates may hold any bytes.
std::string printable(const std::string& text) {
  std::string result;
  for (const char character : text) {
    const bool plain = character >= ' ' && character <= '~';
    result += plain ? std::string(1, character)
                    : fmt::format("\\x{:02x}", static_cast<unsigned char>(character));
  }
  return result;
}

std::string to_json(const v1::AuditRecord& record) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  // Fails for no message without Any and the like.
  (void)google::protobuf::util::MessageToJsonString(record, &json, options);
  return json;
}

}  // namespace

AuditLog::AuditLog(std::filesystem::path file, Log& log) : path_(std::move(file)), log_(log) {
  open();
}

void AuditLog::open() {
  file_.reset(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kMode));
}

void AuditLog::reopen() {
  const std::lock_guard guard(lock_);
  open();
  failed_ = false;
}

void AuditLog::record(const std::string& who, const Asked& call,
                      const std::optional<Error>& refusal) {
  v1::AuditRecord record;
  record.set_time(now());
  record.set_who(printable(who));
  record.set_from(call.from);
  record.set_method(call.method);
  record.set_request(call.request);
  record.set_result(refusal ? error_name(refusal->code) : "ok");
  if (refusal) record.set_error(printable(refusal->text));
  log_.info("audit: {}{}{}: {} {{ {} }}: {}", record.who(), call.from.empty() ? "" : " from ",
            call.from, call.method, call.request, refusal ? refusal->text : "ok");
  append(to_json(record) + '\n');
}

void AuditLog::append(const std::string& line) {
  const std::lock_guard guard(lock_);
  if (!file_) open();
  errno = 0;
  const bool written =
      file_ && ::write(file_.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (!written && !failed_) {
    log_.error("cannot write to {}: {}; changes go on, and this log has them alone", path_.native(),
               std::generic_category().message(errno != 0 ? errno : ENOSPC));
  }
  failed_ = !written;
}

}  // namespace hpvmnet
