#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "frame/copy.h"
#include "plugin/port.h"

namespace hpvmnet {

using Bytes = std::vector<std::byte>;
using Frames = std::vector<Bytes>;

/// Keeps what it is sent.
class RecordingPort final : public Port {
 public:
  void receive(QueueId, Burst&, Tally&) noexcept override {}
  void release(QueueId) noexcept override {}
  Wait park(QueueId) noexcept override { return Wait::input; }
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override {
    ++sends;
    for (const Frame* frame : frames) {
      Bytes bytes(frame->length);
      copy_frame(bytes.data(), *frame);
      received.push_back(bytes);
      offloads.push_back(frame->offload.any());
    }
    tally.egress_frames.add(frames.size());
  }

  int sends = 0;
  Frames received;
  std::vector<bool> offloads;  ///< whether they ask for some
};

}  // namespace hpvmnet
