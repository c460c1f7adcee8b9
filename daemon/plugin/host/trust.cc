#include "plugin/host/trust.h"

#include <cerrno>
#include <string_view>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hpvmnet {
namespace {

constexpr uid_t kRoot = 0;

// Who could put another program in place of this one has no need of plugins.
uid_t owner_of_this_program() {
  struct stat program {};
  return ::stat("/proc/self/exe", &program) == 0 ? program.st_uid : kRoot;
}

Status check_trust(std::string_view what, const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return system_failure(fmt::format("its {} cannot be looked at", what), errno);
  }
  const auto refuse = [&](std::string_view why, std::string_view way_out) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("its {} {}, who could then change what runs as root; {} {}", what, why,
                            way_out, path.native()));
  };
  if (status.st_uid != kRoot && status.st_uid != owner_of_this_program()) {
    return refuse(fmt::format("belongs to user {}, not to root", status.st_uid), "chown root");
  }
  const bool group_writes = (status.st_mode & S_IWGRP) != 0 && status.st_gid != kRoot;
  if (group_writes || (status.st_mode & S_IWOTH) != 0) {
    return refuse("can be written to by others than its owner", "chmod go-w");
  }
  return {};
}

}  // namespace

Status check_trust(const std::filesystem::path& file) {
  if (::geteuid() != kRoot) return {};
  if (Status directory = check_trust("directory", file.parent_path()); !directory) return directory;
  return check_trust("file", file);
}

}  // namespace hpvmnet
