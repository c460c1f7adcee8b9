#include "store/state_directory.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLockName = "hpvmnet.db.lock";

tl::unexpected<Error> unusable(const fs::path& path, int number) {
  const auto error =
      system_failure(fmt::format("cannot use state directory {}", path.native()), number);
  return fail(error.value().code, error.value().text +
                                      "; make it a directory that hpvmnetd may write to, or choose "
                                      "another with --state-dir");
}

Status sync_directory(const fs::path& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return unusable(path, errno);
  return {};
}

Status make_directory(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return {};
  fs::create_directories(path.parent_path(), error);
  if (error) return unusable(path, error.value());
  if (::mkdir(path.c_str(), 0700) != 0) return unusable(path, errno);
  return sync_directory(path.parent_path());
}

/// The process that wrote its number into the lock file, in words.
std::string holder(int lock) {
  char text[16] = {};
  const ssize_t size = ::pread(lock, text, sizeof text - 1, 0);
  return size > 0 ? fmt::format(" (process {})", std::string_view(text)) : std::string();
}

}  // namespace

Result<StateDirectory> StateDirectory::claim(const fs::path& path) {
  std::error_code error;
  fs::path directory = fs::absolute(path, error).lexically_normal();
  if (!directory.has_filename()) directory = directory.parent_path();  // "state/" is "state"
  if (auto status = make_directory(directory); !status) return tl::unexpected(status.error());

  Fd lock(::open((directory / kLockName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) return unusable(directory, errno);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return unusable(directory, errno);
    return fail(ErrorCode::failed_precondition,
                fmt::format("state directory {} is in use by another hpvmnetd{}; stop that one, or "
                            "choose another directory with --state-dir",
                            directory.native(), holder(lock.get())));
  }
  const std::string pid = std::to_string(::getpid());
  // For messages only: a lock without a number is as good.
  if (::ftruncate(lock.get(), 0) == 0) (void)!::pwrite(lock.get(), pid.data(), pid.size(), 0);
  return StateDirectory(std::move(directory), std::move(lock));
}

Status StateDirectory::sync() const { return sync_directory(path_); }

}  // namespace hpvmnet
