#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "base/access.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/result.h"
#include "plugin/event_loop.h"
#include "remote/tls_files.h"

namespace hpvmnet {

/// The last good state of a directory of TLS files. Watches it: what changes there is taken up by
/// itself where all of it is good, and else told in the log.
class Trust {
 public:
  /// Where the last good PEM files are found, for programs that read files.
  struct Paths {
    std::string authorities;
    std::string certificate;
    std::string key;
  };

  /// `loop` and `log` outlive it. Fails where the files are not good to begin with.
  static Result<std::unique_ptr<Trust>> open(const std::filesystem::path& directory,
                                             EventLoop& loop, Log& log);

  /// Reads the files now. Control thread.
  void reload();

  /// The paths stay the same; what is behind one changes all at once.
  const Paths& paths() const { return paths_; }

  /// What the owner of a certificate with these names may do; any thread.
  std::optional<Access> access_of(std::span<const std::string> names) const;

  const std::filesystem::path& directory() const { return directory_; }

 private:
  Trust(std::filesystem::path directory, EventLoop& loop, Log& log);
  Status publish(TlsFiles files);
  void watch();
  void changed();

  std::filesystem::path directory_;
  EventLoop& loop_;
  Log& log_;
  TlsFiles files_;  ///< roles: under the lock
  mutable std::mutex lock_;
  // In memory, so that what is read there has been judged and a key gets no second place on a disk.
  Fd authorities_, certificate_, key_;
  Paths paths_;
  Fd events_;
  std::unique_ptr<Watch> watching_;
  std::unique_ptr<Watch> soon_;
};

}  // namespace hpvmnet
