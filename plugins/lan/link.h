#pragma once

#include <span>

#include "frame/burst.h"
#include "frame/tally.h"
#include "lan/ending.h"
#include "plugin/port.h"

namespace hpvmnet::lan {

/// A vNIC that is attached: the packet path of a lan port. The rules for threads are those of Port.
class Link {
 public:
  explicit Link(Signal& ended) noexcept : ending_(ended) {}
  virtual ~Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  virtual void receive(Burst& burst, Tally& tally) noexcept = 0;
  virtual void send(std::span<const Frame* const> frames, Tally& tally) noexcept = 0;
  virtual Wait park() noexcept = 0;

  /// Signals, edge-triggered, that there is something to do for receive().
  virtual int wake_descriptor() const noexcept = 0;

  /// Control thread: asks the system whether the peer is still there, although no worker may have
  /// noticed yet.
  virtual bool peer_alive() const noexcept = 0;

  Ending& ending() noexcept { return ending_; }

 private:
  Ending ending_;
};

}  // namespace hpvmnet::lan
