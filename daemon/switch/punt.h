#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/domain.h"
#include "base/spin_lock.h"
#include "frame/frame.h"
#include "plugin/event_loop.h"

namespace hpvmnet {

/// Frames of a vswitch that are the control thread's business: workers put their beginnings here.
/// Bounded: who sends more than the control thread takes loses them.
class Punt {
 public:
  struct Item {
    std::uint16_t port = 0;  ///< number of the port by which it came in
    Domain domain = 0;
    std::uint32_t length = 0;  ///< valid bytes
    std::array<std::byte, Frame::kHeadCapacity> bytes;
  };

  /// `arrived` is raised when there is something to take. It outlives the last offer().
  explicit Punt(Signal& arrived) : arrived_(arrived) {}

  /// Any worker. Does not wait: what comes while another thread is here is lost, too.
  void offer(std::uint16_t port, Domain domain, const Frame& frame) noexcept;
  /// The oldest one. Control thread.
  std::optional<Item> take();

 private:
  static constexpr std::size_t kCapacity = 64;

  Signal& arrived_;
  SpinLock lock_;  // guards all below
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::array<Item, kCapacity> items_;
};

}  // namespace hpvmnet
