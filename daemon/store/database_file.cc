#include "store/database_file.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

// https://sqlite.org/fileformat2.html, 1.3 The Database Header
constexpr std::size_t kHeaderSize = 100;
constexpr std::size_t kApplicationIdAt = 68;
constexpr std::string_view kMagic("SQLite format 3\0", 16);

using Header = std::array<unsigned char, kHeaderSize>;

std::uint32_t big_endian_at(const Header& header, std::size_t at) {
  return std::uint32_t{header[at]} << 24 | std::uint32_t{header[at + 1]} << 16 |
         std::uint32_t{header[at + 2]} << 8 | std::uint32_t{header[at + 3]};
}

tl::unexpected<Error> foreign(const fs::path& file, std::string_view what) {
  return fail(ErrorCode::failed_precondition,
              fmt::format("{} {}; it was left as it is: move it away, or choose another state "
                          "directory with --state-dir",
                          file.native(), what));
}

}  // namespace

tl::unexpected<Error> damaged(const fs::path& file, std::string_view why) {
  const std::string name = file.filename();
  return fail(ErrorCode::failed_precondition,
              fmt::format("{} is damaged ({}); it was left as it is: move it away together with "
                          "{}-wal and {}-shm, then put a copy in its place, or start without one "
                          "to begin anew",
                          file.native(), why, name, name));
}

Status check_database_file(const fs::path& file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    return system_failure(fmt::format("cannot read {}", file.native()), errno);
  }
  if (!S_ISREG(status.st_mode)) return foreign(file, "is not a file");
  Header header = {};
  const ssize_t size = ::pread(fd.get(), header.data(), header.size(), 0);
  if (size < 0) return system_failure(fmt::format("cannot read {}", file.native()), errno);
  if (size == 0) return damaged(file, "it is empty");
  if (static_cast<std::size_t>(size) < kHeaderSize) return damaged(file, "it is cut short");
  if (std::string_view(reinterpret_cast<const char*>(header.data()), kMagic.size()) != kMagic) {
    return damaged(file, "it is not a SQLite database");
  }
  if (big_endian_at(header, kApplicationIdAt) != kApplicationId) {
    return foreign(file, "is a database of another program");
  }
  return {};
}

Status check_no_orphans(const fs::path& file) {
  for (const char* suffix : {"-wal", "-journal"}) {
    const fs::path orphan = file.native() + suffix;
    std::error_code ignored;
    if (!fs::exists(orphan, ignored)) continue;
    return fail(ErrorCode::failed_precondition,
                fmt::format("{} is missing, but {}, which belongs to it, is there; put the "
                            "database back, or move that file away, too, to begin anew",
                            file.native(), orphan.native()));
  }
  return {};
}

}  // namespace hpvmnet
