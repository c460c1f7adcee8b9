#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "frame/drop.h"

namespace hpvmnet {

/// A counter with one writing thread and any number of readers. The writer needs no locked
/// instruction for it.
class Counter {
 public:
  void add(std::uint64_t amount) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// What one worker has counted for one port. Each worker has its own, on its own cache lines.
struct alignas(64) Tally {
  Counter ingress_frames;  ///< taken from the port's vNIC, dropped ones included
  Counter ingress_bytes;   ///< their lengths, without frame check sequence
  Counter ingress_bursts;  ///< in how many portions they came
  Counter egress_frames;   ///< handed to the port's vNIC
  Counter egress_bytes;
  Counter egress_bursts;
  std::array<Counter, kDropReasonCount> drops;

  void drop(Drop reason, std::uint64_t frames = 1) noexcept {
    drops[static_cast<std::size_t>(reason)].add(frames);
  }
};

}  // namespace hpvmnet
