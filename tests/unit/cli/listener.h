#pragma once

#include <filesystem>

namespace hpvmnet::cli {

/// Listens on a Unix socket and closes it at the end. Aborts where it cannot.
class Listener {
 public:
  explicit Listener(const std::filesystem::path& path);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace hpvmnet::cli
