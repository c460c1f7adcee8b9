#pragma once

#include "frame/burst.h"
#include "frame/frame_mask.h"

namespace hpvmnet {

/// Says which frames may enter a vswitch: one instance for each vswitch that has the filter set.
/// Frames meet it after their VLAN has been judged and before their senders are learnt.
///
/// Threads: judge() may be called by several workers at once. The destructor runs on the control
/// thread, when no worker knows the filter any longer.
class Filter {
 public:
  virtual ~Filter() = default;

  /// Returns those of `frames` that are to be dropped; others of the burst are not asked about, and
  /// what is said of them has no effect. `port` is where they came in: 0 to 511, or kUplinkNumber.
  ///
  /// Of a frame, decide on `head` and the lengths alone. What `parts` point to is the sender's, who
  /// may change it after it was judged. Must not block, allocate, log or throw.
  virtual FrameMask judge(const Burst& burst, FrameMask frames, unsigned port) noexcept = 0;
};

}  // namespace hpvmnet
