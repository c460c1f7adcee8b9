#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/fd.h"
#include "base/spin_lock.h"
#include "plugin/port.h"

namespace hpvmnet {

/// The port by which a vswitch itself sends: frames of the control thread, which a worker takes
/// through the pipeline as if they had come in by any other port. Nothing leaves by it.
class OwnPort final : public Port {
 public:
  OwnPort();  ///< aborts where there is no descriptor left

  /// Has a frame sent, at least of 60 bytes. Lost where too many wait. Control thread.
  void post(std::vector<std::byte> frame);
  int wake_descriptor() const noexcept { return wake_.get(); }

  void receive(QueueId queue, Burst& burst, Tally& tally) noexcept override;
  void release(QueueId queue) noexcept override;
  void send(std::span<const Frame* const> /*frames*/, Tally& /*tally*/) noexcept override {}
  Wait park(QueueId queue) noexcept override;

 private:
  static constexpr std::size_t kCapacity = 64;
  static_assert(kCapacity <= Burst::kCapacity);

  Fd wake_;
  SpinLock lock_;  // guards all below
  std::array<std::vector<std::byte>, kCapacity> frames_;
  std::size_t count_ = 0;
  std::size_t lent_ = 0;  // the first ones
};

}  // namespace hpvmnet
