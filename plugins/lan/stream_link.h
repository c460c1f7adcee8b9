#pragma once

#include <memory>

#include "base/fd.h"
#include "base/lazy_array.h"
#include "base/result.h"
#include "host/rest.h"
#include "lan/frame_reader.h"
#include "lan/link.h"
#include "lan/stream_egress.h"

namespace hpvmnet::lan {

/// A vNIC behind QEMU's `-netdev stream`. What has arrived is read in one large piece, and frames
/// are lent from where it lies.
class StreamLink final : public Link {
 public:
  /// `socket` is connected and non-blocking. `ended` outlives the link.
  static Result<std::unique_ptr<Link>> make(Fd socket, Signal& ended);

  void receive(Burst& burst, Tally& tally) noexcept override;
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override {
    egress_.send(frames, tally);
  }
  Wait park() noexcept override;
  int wake_descriptor() const noexcept override { return egress_.wake_descriptor(); }
  bool peer_alive() const noexcept override;

 private:
  static constexpr std::size_t kReadSize = 256 * 1024;

  StreamLink(Fd socket, host::WakeSet wake_set, Signal& ended);
  void read() noexcept;

  Fd socket_;
  LazyArray<std::byte> memory_;
  FrameReader reader_;
  host::Rest rest_;
  bool asleep_ = false;  // the wake set is armed
  StreamEgress egress_;
};

}  // namespace hpvmnet::lan
