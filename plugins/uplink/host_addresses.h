#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "frame/frame.h"

namespace hpvmnet::uplink {

/// The MAC addresses by which the host itself is reached through the interface: few, seldom
/// changed, and asked for with each frame that leaves. Workers ask, the control thread sets.
class HostAddresses {
 public:
  using List = std::vector<std::uint64_t>;

  /// Whether the frame's destination is one of them.
  bool contain(const Frame& frame) const noexcept {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, frame.head.data(), sizeof bytes);
    const std::uint64_t destination = __builtin_bswap64(bytes) >> 16;
    const List& list = *current_.load(std::memory_order_acquire);
    return std::ranges::find(list, destination) != list.end();
  }

  /// `wait` returns when no worker can be inside contain() any longer that was there before.
  void set(List list, const std::function<void()>& wait) {
    if (list == *owned_) return;
    auto next = std::make_unique<const List>(std::move(list));
    current_.store(next.get(), std::memory_order_release);
    wait();
    owned_ = std::move(next);
  }

 private:
  std::unique_ptr<const List> owned_ = std::make_unique<const List>();
  std::atomic<const List*> current_{owned_.get()};
};

}  // namespace hpvmnet::uplink
