#pragma once

#include <utility>

#include <unistd.h>

namespace hpvmnet {

/// The only owner of a file descriptor; closes it at the end of its life. -1 owns nothing.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int descriptor) noexcept : descriptor_(descriptor) {}
  Fd(Fd&& from) noexcept : descriptor_(from.release()) {}
  Fd& operator=(Fd&& from) noexcept {
    if (this != &from) reset(from.release());
    return *this;
  }
  ~Fd() { reset(); }

  int get() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  int release() noexcept { return std::exchange(descriptor_, -1); }
  void reset(int descriptor = -1) noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = descriptor;
  }

 private:
  int descriptor_ = -1;
};

}  // namespace hpvmnet
