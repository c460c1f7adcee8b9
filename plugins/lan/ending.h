#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "plugin/event_loop.h"

namespace hpvmnet::lan {

/// Why a connection is over. The first reason counts. Workers find it, the control thread is called
/// and reads it.
class Ending {
 public:
  /// `noticed` is raised with the first reason and outlives this.
  explicit Ending(Signal& noticed) noexcept : noticed_(noticed) {}

  void closed_by_peer() noexcept { end(Kind::closed, 0); }
  /// A system call failed with errno `number`.
  void failed(int number) noexcept { end(Kind::failed, static_cast<std::uint32_t>(number)); }
  /// The peer announced a frame of that length.
  void impossible_length(std::uint32_t length) noexcept { end(Kind::impossible_length, length); }

  bool happened() const noexcept { return state_.load(std::memory_order_relaxed) != 0; }
  /// Whether it is the peer that broke the rules.
  bool peer_at_fault() const noexcept;
  /// As it ends a log line.
  std::string text() const;

 private:
  enum class Kind : unsigned char { none, closed, failed, impossible_length };

  void end(Kind kind, std::uint32_t detail) noexcept;

  Signal& noticed_;
  std::atomic<std::uint64_t> state_{0};  // kind << 32 | detail
};

}  // namespace hpvmnet::lan
