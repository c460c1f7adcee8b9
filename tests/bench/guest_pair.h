#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "frame/burst.h"
#include "switch/view.h"

namespace hpvmnet::bench {

struct Load {
  std::uint32_t length = 60;   ///< of a frame, bytes
  std::uint32_t stations = 1;  ///< different addresses on each side, at most the size of the ring
  std::uint32_t ring_size = 1024;
};

/// Two guests on accelerated ports of one vswitch, in memory of this process and without threads:
/// the packet path alone, from the sender's ring to the receiver's. The first guest sends to the
/// second; both are known to the vswitch.
class GuestPair {
 public:
  explicit GuestPair(const Load& load);
  GuestPair(const GuestPair&) = delete;
  GuestPair& operator=(const GuestPair&) = delete;
  ~GuestPair();

  /// The first guest offers so many frames (at most the size of its ring), the second one room.
  void offer(std::uint32_t frames) noexcept;
  /// A worker's visit: moves a burst. False: there was nothing.
  bool move() noexcept;
  /// Shows the frames to a capture from now on.
  void show_to(std::shared_ptr<Capture> capture) {
    vswitch_.observers =
        std::make_shared<const Observers>(Observers{{std::move(capture)}, nullptr});
  }
  /// Frames that the second guest has received.
  std::uint64_t received() const noexcept;

 private:
  class Guest;

  MacTable macs_;
  std::unique_ptr<Guest> sender_;
  std::unique_ptr<Guest> receiver_;
  VswitchView vswitch_;
  IngressQueue queue_;
  Burst burst_;
};

}  // namespace hpvmnet::bench
