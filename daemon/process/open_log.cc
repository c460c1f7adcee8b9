#include "process/open_log.h"

#include <cstdlib>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/journal_log.h"
#include "process/spdlog_log.h"

namespace hpvmnet {

bool leads_to_journal(int descriptor) {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat file {};
  return stream != nullptr && ::fstat(descriptor, &file) == 0 &&
         fmt::format("{}:{}", file.st_dev, file.st_ino) == stream;
}

std::unique_ptr<Log> open_log(LogLevel least) {
  if (leads_to_journal(STDERR_FILENO)) return std::make_unique<JournalLog>(least);
  return std::make_unique<SpdlogLog>(least);
}

}  // namespace hpvmnet
