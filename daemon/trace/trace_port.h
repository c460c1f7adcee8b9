#pragma once

#include <cstddef>
#include <vector>

#include "plugin/port.h"

namespace hpvmnet {

/// In place of a port: keeps the one frame that it is sent.
class TracePort final : public Port {
 public:
  void receive(QueueId, Burst&, Tally&) noexcept override {}
  void release(QueueId) noexcept override {}
  Wait park(QueueId) noexcept override { return Wait::input; }
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override;

  /// Empty: none.
  const std::vector<std::byte>& received() const noexcept { return received_; }

 private:
  std::vector<std::byte> received_;
};

}  // namespace hpvmnet
