#include "process/run_directory.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLockName = "hpvmnetd.lock";
constexpr const char* kVswitches = "vswitch";
constexpr const char* kHypervisorSocket = ".qemu";

// The longest path of a socket below the run directory: a vswitch's name has up to 32 characters.
constexpr std::size_t kLongestSocket = sizeof("/vswitch/") - 1 + 32 + sizeof("/511.dgram") - 1;
constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1 - kLongestSocket;

Status check_length(const fs::path& path) {
  if (path.native().size() <= kLongestPath) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("run directory {}: its name has {} bytes, and the names of the ports' "
                          "sockets leave room for {}; choose a shorter one with --run-dir",
                          path.native(), path.native().size(), kLongestPath));
}

Status make_directory(const fs::path& path, bool& made) {
  made = ::mkdir(path.c_str(), 0755) == 0;
  if (made && ::chmod(path.c_str(), 0755) == 0) return {};  // whatever the umask
  if (!made && errno == EEXIST) return {};
  return system_failure(fmt::format("cannot make directory {}", path.native()), errno);
}

// `made` receives those that did not exist, innermost first.
Status make_directories(const fs::path& path, std::vector<fs::path>& made) {
  std::error_code ignored;
  if (path.has_relative_path() && !fs::exists(path.parent_path(), ignored)) {
    if (const Status parents = make_directories(path.parent_path(), made); !parents) {
      return parents;
    }
  }
  bool new_one = false;
  if (const Status status = make_directory(path, new_one); !status) return status;
  if (new_one) made.insert(made.begin(), path);
  return {};
}

tl::unexpected<Error> in_use(const fs::path& path, int lock) {
  char text[32] = {};
  const ssize_t length = ::pread(lock, text, sizeof text - 1, 0);
  std::string pid(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  pid.resize(std::min(pid.find_first_not_of("0123456789"), pid.size()));
  return fail(ErrorCode::failed_precondition,
              fmt::format("run directory {} is in use by another hpvmnetd{}; stop that one, or "
                          "choose another directory with --run-dir",
                          path.native(), pid.empty() ? "" : fmt::format(" (process {})", pid)));
}

// A daemon that ends removes the file: a lock on one that is no longer there is worth nothing.
bool is_still_at(const fs::path& path, int descriptor) {
  struct stat there {};
  struct stat here {};
  return ::stat(path.c_str(), &there) == 0 && ::fstat(descriptor, &here) == 0 &&
         there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

Result<Fd> take_lock(const fs::path& directory) {
  const fs::path path = directory / kLockName;
  for (;;) {
    Fd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!lock) return system_failure(fmt::format("cannot open {}", path.native()), errno);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) return in_use(directory, lock.get());
      return system_failure(fmt::format("cannot lock {}", path.native()), errno);
    }
    if (!is_still_at(path, lock.get())) continue;
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(lock.get(), 0) != 0 ||
        ::pwrite(lock.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
      return system_failure(fmt::format("cannot write {}", path.native()), errno);
    }
    return lock;
  }
}

std::vector<fs::path> entries(const fs::path& directory) noexcept {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    found.push_back(at->path());
  }
  return found;
}

// Sockets of hypervisors stay: one that lives goes on with it after a restart of the daemon.
void remove_sockets(const fs::path& directory) noexcept {
  std::error_code ignored;
  for (const fs::path& entry : entries(directory)) {
    if (entry.extension() != kHypervisorSocket &&
        fs::symlink_status(entry, ignored).type() == fs::file_type::socket) {
      ::unlink(entry.c_str());
    }
  }
}

void remove_vswitch_directory(const fs::path& directory) noexcept {
  std::error_code ignored;
  if (fs::symlink_status(directory, ignored).type() != fs::file_type::directory) return;
  remove_sockets(directory);
  ::rmdir(directory.c_str());
}

}  // namespace

Result<RunDirectory> RunDirectory::claim(const fs::path& path) {
  if (const Status length = check_length(path); !length) return tl::unexpected(length.error());
  std::vector<fs::path> made;
  const Status exists = make_directories(path, made);
  Result<Fd> lock = exists ? take_lock(path) : Result<Fd>(tl::unexpected(exists.error()));
  if (!lock) {
    for (const fs::path& directory : made) ::rmdir(directory.c_str());
    return tl::unexpected(lock.error());
  }
  RunDirectory claimed(path, std::move(made), *std::move(lock));
  claimed.clear();
  bool ignored = false;
  if (const Status vswitches = make_directory(path / kVswitches, ignored); !vswitches) {
    return tl::unexpected(vswitches.error());
  }
  return claimed;
}

RunDirectory::RunDirectory(fs::path path, std::vector<fs::path> made, Fd lock)
    : path_(std::move(path)), made_(std::move(made)), lock_(std::move(lock)) {}

RunDirectory::~RunDirectory() {
  if (!lock_) return;  // moved from
  clear();
  ::unlink((path_ / kLockName).c_str());
  for (const fs::path& directory : made_) ::rmdir(directory.c_str());
}

fs::path RunDirectory::vswitches() const { return path_ / kVswitches; }

void RunDirectory::clear() const noexcept {
  remove_sockets(path_);
  for (const fs::path& vswitch : entries(path_ / kVswitches)) remove_vswitch_directory(vswitch);
  ::rmdir((path_ / kVswitches).c_str());
}

}  // namespace hpvmnet
