#include "process/journal_log.h"

#include <fmt/format.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

#include "process/printable.h"

namespace hpvmnet {
namespace {

int priority_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return LOG_DEBUG;
    case LogLevel::info:
      return LOG_INFO;
    case LogLevel::warning:
      return LOG_WARNING;
    case LogLevel::error:
      break;
  }
  return LOG_ERR;
}

}  // namespace

std::vector<std::string> journal_entry(const LogSubject& subject, LogLevel level,
                                       std::string_view line) {
  const std::string about = subject.text();
  std::vector<std::string> entry{
      fmt::format("MESSAGE={}{}{}", about, about.empty() ? "" : ": ", printable(line)),
      fmt::format("PRIORITY={}", priority_of(level)), "SYSLOG_IDENTIFIER=hpvmnetd"};
  if (!subject.vswitch.empty()) entry.push_back("HPVMNET_VSWITCH=" + subject.vswitch);
  if (subject.port) entry.push_back(fmt::format("HPVMNET_PORT={}", *subject.port));
  return entry;
}

void JournalLog::write_about(const LogSubject& subject, LogLevel level, std::string_view line) {
  if (level < least_) return;
  std::vector<std::string> entry = journal_entry(subject, level, line);
  std::vector<iovec> parts;
  for (std::string& field : entry) parts.push_back({field.data(), field.size()});
  ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
}

}  // namespace hpvmnet
