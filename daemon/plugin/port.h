#pragma once

#include <cstdint>
#include <span>

#include "frame/burst.h"
#include "frame/tally.h"

namespace hpvmnet {

/// Number of an ingress queue of a port, from 0.
using QueueId = std::uint32_t;

/// What a queue waits for after park().
enum class Wait : unsigned char {
  nothing,         ///< there is work already: do not wait
  input,           ///< its wake descriptor becomes readable
  input_or_space,  ///< ... or writable: frames wait for the peer to make room
};

/// A place where frames enter and leave a vswitch, as the packet path sees it.
///
/// Threads: the calls for one queue come from one worker at a time; send() may be called by several
/// workers at once. None of these methods blocks, allocates, logs or throws. The destructor runs on
/// the control thread, when no worker knows the port any longer.
class Port {
 public:
  virtual ~Port() = default;

  /// Lends what has arrived: fills the (empty) burst with up to Burst::kCapacity frames. No frame
  /// at all is normal. Counts in `tally` what it had to drop; the worker counts the frames lent.
  virtual void receive(QueueId queue, Burst& burst, Tally& tally) noexcept = 0;

  /// Ends the loan of the last receive() on this queue: the sender may use the memory again.
  virtual void release(QueueId queue) noexcept = 0;

  /// Copies the frames to the port's vNIC, in order, and tells it once. Takes every frame whatever
  /// happens: what there is no room for is retried briefly, then dropped and counted in `tally`, as
  /// are the frames that left. `frames` has at most Burst::kCapacity elements and at least one.
  virtual void send(std::span<const Frame* const> frames, Tally& tally) noexcept = 0;

  /// What the port's vNIC takes upon itself: frames that ask for more are cut and completed before
  /// send(). Asked when the port's queues start; the control thread.
  virtual OffloadSet offloads() const noexcept { return 0; }

  /// Prepares for sleep: asks the peer to make the wake descriptor readable with the next frame,
  /// then looks once more whether one has arrived already.
  virtual Wait park(QueueId queue) noexcept = 0;

  /// Hears whether another port of its vswitch is attached, too; the one by which the vswitch
  /// itself sends does not count. Called when the port's queues have started, and then with each
  /// change until they stop. It starts and stops no queues itself. The control thread.
  virtual void set_company(bool /*present*/) {}
};

}  // namespace hpvmnet
