#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "frame/drop.h"
#include "switch/view.h"

namespace hpvmnet {

/// What would become of a frame, and why.
struct Trace {
  /// A stage of the pipeline that it came to.
  struct Step {
    std::string stage;  ///< as its file is called
    std::string text;   ///< what it found out
  };
  struct Receiver {
    std::uint16_t port = 0;  ///< number
    std::string change;      ///< of the frame's tag; empty: it gets the frame as it is
    std::string guest;       ///< who is there, for those who know it; may be empty
  };

  std::vector<Step> steps;
  std::vector<Receiver> receivers;  ///< by number; none where it is dropped
  bool flooded = false;             ///< to everybody whom it may concern
  std::optional<Drop> dropped;
  std::string because;  ///< it is dropped; empty where the reason says it all
};

/// Has a frame go through the stages of the packet path as if it had come in by a port, on a
/// vswitch of its own that has the same ports and knows the same stations: nothing is sent, learnt,
/// counted or shown to anybody. `ingress`: the port's place in vswitch.ports. `now`: as the
/// workers' time.
///
/// Any thread for which the view is there. `frame`: 1 to Frame::kMaxLength bytes.
Trace trace_frame(const VswitchView& vswitch, std::uint16_t ingress,
                  std::span<const std::byte> frame, std::uint32_t now);

}  // namespace hpvmnet
