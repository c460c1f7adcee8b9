#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "avio_lan/ring/ring_setup.h"
#include "support/guest_ram.h"

namespace hpvmnet::bench {

/// A split ring whose descriptor number i describes buffer number i for ever, and whose buffers are
/// used in turn: what a driver does with it costs a few instructions.
class FixedRing {
 public:
  struct Options {
    std::uint32_t size;
    std::uint32_t buffer_size;    ///< bytes
    std::uint32_t buffer_stride;  ///< bytes from one buffer to the next
    bool device_writes;
  };

  FixedRing(test::GuestRam& ram, const Options& options);

  std::byte* buffer(std::uint32_t index) const noexcept {
    return buffers_ + std::uint64_t{options_.buffer_stride} * index;
  }

  /// Offers the next `count` buffers.
  void offer(std::uint32_t count) noexcept {
    offered_ = static_cast<std::uint16_t>(offered_ + count);
    index(available_).store(offered_, std::memory_order_release);
  }
  /// Offers every buffer that the device does not have.
  void offer_all() noexcept {
    offer(options_.size - static_cast<std::uint16_t>(offered_ - used()));
  }
  std::uint16_t used() const noexcept { return index(used_).load(std::memory_order_acquire); }

  avio_lan::RingSetup setup(std::shared_ptr<const avio_lan::GuestMemory> memory) const;

 private:
  static std::atomic_ref<std::uint16_t> index(std::byte* ring) noexcept {
    return std::atomic_ref(*reinterpret_cast<std::uint16_t*>(ring + 2));
  }

  Options options_;
  std::byte* descriptors_;
  std::byte* available_;
  std::byte* used_;
  std::byte* buffers_;
  std::uint16_t offered_ = 0;
};

}  // namespace hpvmnet::bench
