#pragma once

#include "switch/passage.h"

namespace hpvmnet {

// The stages in the order in which a burst meets them; each is the file of its name.

/// Reads the Ethernet header; drops runts and frames with a group address as their source.
void parse(Passage& passage) noexcept;

/// Drops what the vswitch or the port does not take: everything where the vswitch is down, tagged
/// frames.
void admit(Passage& passage) noexcept;

/// Enters the source addresses into the MAC table.
void learn(Passage& passage) noexcept;

/// Finds the receivers and sends. Every frame leaves here, by a port or into a counter.
void forward(Passage& passage) noexcept;

}  // namespace hpvmnet
