#include "process/spdlog_log.h"

#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "process/printable.h"

namespace hpvmnet {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

}  // namespace

SpdlogLog::SpdlogLog(LogLevel least)
    : logger_(std::make_unique<spdlog::logger>("hpvmnetd",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l: %v");
  logger_->set_level(to_spdlog(least));
  logger_->flush_on(spdlog::level::trace);
}

SpdlogLog::~SpdlogLog() = default;

void SpdlogLog::write(LogLevel level, std::string_view line) {
  if (!logger_->should_log(to_spdlog(level))) return;
  const std::string text = printable(line);
  logger_->log(to_spdlog(level), spdlog::string_view_t(text));
}

}  // namespace hpvmnet
