#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "base/spin_lock.h"

namespace hpvmnet {

/// The first stations that have moved from one port of a vswitch to another since the control
/// thread has looked last. Bounded; more are counted (MacTable::moves()), not kept.
class StationMoves {
 public:
  static constexpr std::size_t kCapacity = 16;

  struct Move {
    std::uint64_t station;  ///< as in MacTable::Key
    std::uint16_t from;     ///< numbers of ports
    std::uint16_t to;
    bool operator==(const Move&) const = default;
  };

  /// Any worker. Does not wait: a move is lost, too, while another thread is here.
  void note(const Move& move) noexcept {
    if (!lock_.try_lock()) return;
    const std::lock_guard guard(lock_, std::adopt_lock);
    if (count_ < kCapacity) moves_[count_++] = move;
  }

  /// Those noted since the last call, in order. Control thread.
  std::vector<Move> take() {
    const std::lock_guard guard(lock_);
    std::vector<Move> taken(moves_.begin(), moves_.begin() + static_cast<std::ptrdiff_t>(count_));
    count_ = 0;
    return taken;
  }

 private:
  SpinLock lock_;  // guards what follows
  std::size_t count_ = 0;
  std::array<Move, kCapacity> moves_{};
};

}  // namespace hpvmnet
