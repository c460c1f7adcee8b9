#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "control/model.h"

namespace hpvmnet {

// Every kind of event, once: the enumerator, which is its name for programs, too.
#define HPVMNET_EVENT_KINDS(X)                                                              \
  X(daemon_started)                                                                         \
  X(configuration_changed) /* what, says the text */                                        \
  X(vswitch_booted)                                                                         \
  X(vswitch_halted)                                                                         \
  X(guest_attached) /* a hypervisor has connected to a port */                              \
  X(guest_detached)                                                                         \
  X(port_up) /* the driver of the guest is ready: frames can pass */                        \
  X(port_down)                                                                              \
  X(mac_moved)    /* a station is behind another port than before */                        \
  X(loop_blocked) /* frames of a vswitch came back by a port: nothing passes for a while */ \
  X(loop_unblocked)                                                                         \
  X(link_lost) /* a backing interface cannot be used, or has no carrier */                  \
  X(link_back)

enum class EventKind : unsigned char {
#define HPVMNET_EVENT_ENUMERATOR(name) name,
  HPVMNET_EVENT_KINDS(HPVMNET_EVENT_ENUMERATOR)
#undef HPVMNET_EVENT_ENUMERATOR
};

inline constexpr std::array kEventKindNames{
#define HPVMNET_EVENT_NAME(name) std::string_view(#name),
    HPVMNET_EVENT_KINDS(HPVMNET_EVENT_NAME)
#undef HPVMNET_EVENT_NAME
};

/// The name of a kind, as programs read it: "guest_attached".
constexpr std::string_view name_of(EventKind kind) {
  return kEventKindNames[static_cast<std::size_t>(kind)];
}

/// Something that has happened in the daemon, a plain value.
struct Event {
  EventKind kind = EventKind::daemon_started;
  std::string vswitch{};             ///< its name; empty: of no vswitch
  std::optional<PortNumber> port{};  ///< a guest's
  std::string guest{};               ///< empty: none, or not known
  std::string text{};                ///< a sentence for people that stands for itself, without stop

  // Set by the journal.
  std::uint64_t sequence = 0;                    ///< from 1, without gaps
  std::chrono::system_clock::time_point time{};  ///< when it was published
};

}  // namespace hpvmnet
