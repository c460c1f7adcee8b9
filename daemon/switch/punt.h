#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "base/domain.h"
#include "base/lazy_array.h"
#include "base/mac_address.h"
#include "base/spin_lock.h"
#include "frame/frame.h"
#include "plugin/event_loop.h"

namespace hpvmnet {

/// Frames of a vswitch that are the control thread's business: workers put copies of them here.
/// Bounded, as a whole and for each port: who sends more than the control thread takes loses its
/// own.
class Punt {
 public:
  /// Of a frame that is longer, as much is kept.
  static constexpr std::size_t kLongest = 2048;
  static constexpr std::size_t kCapacity = 128;
  static constexpr std::size_t kCapacityOfPort = 16;

  struct Item {
    std::uint16_t port = 0;  ///< number of the port by which it came in
    Domain domain = 0;
    std::vector<std::byte> bytes;  ///< at least an Ethernet header

    MacAddress destination() const { return address_at(0); }
    MacAddress source() const { return address_at(6); }

   private:
    MacAddress address_at(std::size_t at) const;
  };

  /// `arrived` is raised when there is something to take, once until all of it is taken. It
  /// outlives the last offer().
  explicit Punt(Signal& arrived) : arrived_(arrived), slots_(kCapacity) {}

  /// Any worker. Does not wait: what comes while another thread is here is lost, too.
  void offer(std::uint16_t port, Domain domain, const Frame& frame) noexcept;
  /// The oldest one. Control thread.
  std::optional<Item> take();

 private:
  struct Slot {
    std::uint16_t port;
    Domain domain;
    std::uint32_t length;  // valid bytes
    std::array<std::byte, kLongest> bytes;
  };
  static_assert(std::is_trivially_destructible_v<Slot>);

  bool put(std::uint16_t port, Domain domain, const Frame& frame) noexcept;
  std::size_t waiting_of(std::uint16_t port) const noexcept;
  Slot& slot(std::size_t number) noexcept { return slots_[(first_ + number) % kCapacity]; }

  Signal& arrived_;
  SpinLock lock_;  // guards all below
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  LazyArray<Slot> slots_;  // few vswitches ever need many
};

}  // namespace hpvmnet
