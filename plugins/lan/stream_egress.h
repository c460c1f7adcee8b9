#pragma once

#include <atomic>
#include <cstddef>
#include <span>

#include "base/lazy_array.h"
#include "base/spin_lock.h"
#include "frame/frame.h"
#include "frame/tally.h"
#include "host/wake_set.h"
#include "lan/ending.h"

namespace hpvmnet::lan {

/// The frames that leave by a stream: many of them a system call, straight from their senders'
/// memory. Where the socket takes only a part of a frame, the rest of that one frame is kept here,
/// because the stream must not be cut; all other frames without room are dropped.
///
/// Any number of threads.
class StreamEgress {
 public:
  /// `socket` is non-blocking; `wake_set` has it and tells of space while the rest of a frame
  /// waits.
  StreamEgress(int socket, host::WakeSet wake_set, Ending& ending);

  int wake_descriptor() const noexcept { return wake_set_.descriptor(); }
  /// For the worker of the socket's input, before it sleeps and when it is awake again.
  void arm() noexcept;
  void disarm() noexcept;

  void send(std::span<const Frame* const> frames, Tally& tally) noexcept;

  /// Writes the rest that waits, if there is one and the socket takes it.
  void flush() noexcept;

 private:
  std::size_t write(std::span<const Frame* const> frames) noexcept;
  std::size_t take(std::span<const Frame* const> frames, std::size_t bytes) noexcept;
  void keep(const Frame& frame, std::size_t written) noexcept;
  bool flush_kept() noexcept;
  bool failed(int number) noexcept;
  void watch_space(bool wanted) noexcept;
  void expect(int error) noexcept;

  const int socket_;
  Ending& ending_;

  SpinLock lock_;  // guards all below
  host::WakeSet wake_set_;
  LazyArray<std::byte> kept_;
  std::size_t kept_begin_ = 0;
  std::size_t kept_end_ = 0;
  bool stalled_ = false;              // the last send() found no room in time
  std::atomic<bool> waiting_{false};  // something is kept; written under the lock
};

}  // namespace hpvmnet::lan
