#pragma once

#include <span>

#include "switch/passage.h"

namespace hpvmnet {

// What the pipeline shows to observers. All but hand_over() are called where there are some.

/// The burst as it has come in.
void record_ingress(const Passage& passage) noexcept;

/// A frame that cannot leave by a port.
void record_egress_drop(const Passage& passage, const PortView& port, const Frame& frame,
                        Drop reason) noexcept;

/// Sends frames to a port, and records what became of them.
void send_recorded(const Passage& passage, const PortView& port,
                   std::span<const Frame* const> frames) noexcept;

/// Sends frames to a port as they are. Not empty.
inline void hand_over(const Passage& passage, const PortView& port,
                      std::span<const Frame* const> frames) noexcept {
  if (passage.vswitch.observers != nullptr) [[unlikely]] {
    send_recorded(passage, port, frames);
  } else {
    port.port->send(frames, passage.tally_of(port));
  }
}

}  // namespace hpvmnet
