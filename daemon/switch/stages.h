#pragma once

#include "switch/passage.h"

namespace hpvmnet {

// The stages in the order in which a burst meets them; each is the file of its name.

/// Reads the Ethernet header; drops runts and frames with a group address as their source.
void parse(Passage& passage) noexcept;

/// Drops what the vswitch or the port does not take: everything where the vswitch is down, tagged
/// frames.
void admit(Passage& passage) noexcept;

/// Judges what senders have left to others; drops requests that cannot be met.
void check_offloads(Passage& passage) noexcept;

/// Enters the source addresses into the MAC table.
void learn(Passage& passage) noexcept;

/// Finds the receivers and sends. Every frame leaves here, by a port or into a counter.
void forward(Passage& passage) noexcept;

/// The part of forward() for frames some of which ask for more than the port takes.
void send_lowered(const Passage& passage, const PortView& port, FrameMask frames) noexcept;

}  // namespace hpvmnet
