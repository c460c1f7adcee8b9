#pragma once

#include <filesystem>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet {

/// The directory in which a running daemon keeps its sockets, and the daemon's exclusive right to
/// it:
///
///     RUN-DIR/hpvmnetd.lock                 locked while the daemon lives; holds its process id
///     RUN-DIR/*.sock                        the control plane's sockets
///     RUN-DIR/vswitch/NAME/*.sock, *.dgram  the ports' sockets
///     RUN-DIR/vswitch/NAME/*.qemu           hypervisors' own ends of datagram pairs
///
/// The end of the object removes everything that it, or a daemon that was killed, has made there.
/// Hypervisors' sockets and files that are neither sockets nor the lock are never touched.
class RunDirectory {
 public:
  /// Takes `path`, which is absolute, and makes it (mode 0755) where it does not exist. Refuses one
  /// that a live daemon has and one whose sockets would have longer names than the system allows.
  /// Clears away what a killed daemon has left.
  static Result<RunDirectory> claim(const std::filesystem::path& path);

  RunDirectory(RunDirectory&&) noexcept = default;
  RunDirectory& operator=(RunDirectory&&) = delete;
  ~RunDirectory();

  const std::filesystem::path& path() const { return path_; }

  /// Where each vswitch gets a directory for its ports' sockets.
  std::filesystem::path vswitches() const;

 private:
  RunDirectory(std::filesystem::path path, std::vector<std::filesystem::path> made, Fd lock);
  void clear() const noexcept;

  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  ///< directories that claim() made, innermost first
  Fd lock_;
};

}  // namespace hpvmnet
