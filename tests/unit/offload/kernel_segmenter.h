#pragma once

#include <optional>

#include "base/fd.h"
#include "support/bytes.h"
#include "unit/offload/segment_frames.h"

namespace hpvmnet::test {

/// The kernel's own segmentation and checksums: a packet socket that sends large frames through a
/// tap device without offloads. In a network namespace of the calling thread's own, which it
/// enters.
class KernelSegmenter {
 public:
  /// Throws std::system_error where this is not permitted.
  KernelSegmenter();

  void send(const SegmentFrame& frame);
  /// The next frame that the kernel has made; nothing where none comes within a second.
  std::optional<Bytes> receive();

 private:
  Fd tap_;
  Fd socket_;
};

}  // namespace hpvmnet::test
