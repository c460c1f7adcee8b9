#pragma once

#include <array>
#include <span>
#include <string_view>

#include "switch/passage.h"

namespace hpvmnet {

// The stages in the order in which a burst meets them; each is the file of its name.

/// Reads the Ethernet header; drops runts and frames with a group address as their source.
void parse(Passage& passage) noexcept;

/// Drops what the vswitch or the port does not take: everything where the vswitch is down, frames
/// of VLANs that the port does not carry.
void admit(Passage& passage) noexcept;

/// Judges what senders have left to others; drops requests that cannot be met.
void check_offloads(Passage& passage) noexcept;

/// Copies what the vswitch's mirror wants of what comes in.
void mirror(Passage& passage) noexcept;

/// Drops what the vswitch's filters refuse.
void filter(Passage& passage) noexcept;

/// Enters the source addresses into the MAC table.
void learn(Passage& passage) noexcept;

/// Finds out which multicast frames are not for everybody, and shows the control thread who wants
/// which groups.
void snoop(Passage& passage) noexcept;

/// Finds the receivers and sends. Every frame leaves here, by a port or into a counter.
void forward(Passage& passage) noexcept;

/// A stage of the packet path.
struct Stage {
  std::string_view name;  ///< as its file is called
  void (*run)(Passage&) noexcept;
};
/// All of them, in order. A stage after forward() would have nothing left to judge.
inline constexpr std::array kStages{
    Stage{"parse", parse},   Stage{"admit", admit},    Stage{"check_offloads", check_offloads},
    Stage{"mirror", mirror}, Stage{"filter", filter},  Stage{"learn", learn},
    Stage{"snoop", snoop},   Stage{"forward", forward}};

/// The live frames of which mirror() makes copies.
FrameMask mirrored(const Passage& passage) noexcept;

/// Copies frames that have left by a port to the mirror, if that wants them. Where there are
/// observers; at most Burst::kCapacity.
void mirror_egress(const Passage& passage, const PortView& from,
                   std::span<const Frame* const> frames) noexcept;

/// Sends frames that another port has been sent, in the form that they had there. Not empty, at
/// most Burst::kCapacity.
void send_as_from(const Passage& passage, const PortView& from, const PortView& to,
                  std::span<const Frame* const> frames) noexcept;

/// The part of forward() for frames some of which cannot leave by the port as they are: `retagged`
/// need another tag, and there may be some that ask for more than the port takes.
void send_adapted(const Passage& passage, const PortView& port, FrameMask frames,
                  FrameMask retagged) noexcept;

}  // namespace hpvmnet
