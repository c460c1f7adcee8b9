#pragma once

#include <span>

#include "base/lazy_array.h"
#include "frame/burst.h"
#include "frame/tally.h"
#include "host/rest.h"
#include "plugin/port.h"

namespace hpvmnet::host {

/// The packet path of a Tap: a frame a system call, each way. The rules for threads are those of
/// Port: one worker receives, several may send, for the kernel takes each frame whole.
class TapQueue {
 public:
  /// `descriptor` outlives it.
  explicit TapQueue(int descriptor);

  void receive(Burst& burst, Tally& tally) noexcept;
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept;
  Wait park() noexcept;
  int wake_descriptor() const noexcept { return descriptor_; }

 private:
  bool write(const Frame& frame, Tally& tally) noexcept;

  const int descriptor_;
  LazyArray<std::byte> slots_;  // of arriving frames
  Rest rest_;
};

}  // namespace hpvmnet::host
