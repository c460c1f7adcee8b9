#pragma once

#include <filesystem>

#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet {

/// The directory that holds the state of one daemon; no other daemon can claim it meanwhile.
class StateDirectory {
 public:
  /// Makes the directory where it is missing, for its owner alone, and locks it until the end of
  /// this object's life, however the process ends.
  static Result<StateDirectory> claim(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }

  /// Returns when the names in the directory are on the disk.
  Status sync() const;

 private:
  StateDirectory(std::filesystem::path path, Fd lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  Fd lock_;
};

}  // namespace hpvmnet
