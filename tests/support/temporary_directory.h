#pragma once

#include <filesystem>

namespace hpvmnet::test {

/// A directory that disappears with its owner and that everybody may enter. Its path is short
/// enough for sockets.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace hpvmnet::test
