#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "capture/packet_filter.h"
#include "capture/record_ring.h"
#include "frame/drop.h"
#include "frame/tally.h"

namespace hpvmnet {

/// What somebody wants to see of a vswitch.
struct CaptureRequest {
  bool ingress = true;
  bool egress = false;
  bool drops = false;
  std::optional<std::uint16_t> port;          ///< number; nothing: of all ports
  std::uint32_t longest = Frame::kMaxLength;  ///< bytes of a frame that are kept
  PacketFilter filter;
};

/// Copies of a vswitch's frames on their way from the workers to one reader. What the reader is too
/// slow for is lost to the capture and counted, and nobody waits.
class Capture {
 public:
  /// Port numbers are below this.
  static constexpr std::size_t kPorts = 1024;

  Capture(CaptureRequest request, std::size_t workers);

  // For workers. Each calls with its own number.
  bool wants_ingress() const noexcept { return request_.ingress && is_open(); }
  bool wants_egress() const noexcept { return request_.egress && is_open(); }
  bool wants_drops() const noexcept { return request_.drops && is_open(); }
  /// Keeps the frame if it is one that is wanted. `record` lacks the lengths.
  void offer(unsigned worker, CaptureRecord record, const Frame& frame) noexcept;

  // For the reader, one thread at a time.
  /// Calls visit(record, bytes) for records until they have `most` bytes; those of a worker are in
  /// order. Returns whether there were any.
  template <class Visit>
  bool take(std::size_t most, Visit visit) {
    std::size_t taken = 0;
    for (std::size_t i = 0; i < workers_.size() && taken < most; ++i) {
      taken += workers_[next_++ % workers_.size()]->ring.take(most - taken, visit);
    }
    return taken != 0;
  }
  /// Frames lost until now, by the number of their port; ports without any are left out.
  std::map<std::uint16_t, std::uint64_t> lost() const;

  // Any thread.
  /// The reader has gone: workers keep nothing from now on.
  void close() noexcept { closed_.store(true, std::memory_order_relaxed); }
  bool is_open() const noexcept { return !closed_.load(std::memory_order_relaxed); }
  /// The vswitch has gone: there will be nothing more.
  void end() noexcept { ended_.store(true, std::memory_order_release); }
  bool has_ended() const noexcept { return ended_.load(std::memory_order_acquire); }

 private:
  struct OfWorker {
    RecordRing ring;
    std::array<Counter, kPorts> lost;
  };

  const CaptureRequest request_;
  std::vector<std::unique_ptr<OfWorker>> workers_;
  std::size_t next_ = 0;  // worker to be read
  std::atomic<bool> closed_{false};
  std::atomic<bool> ended_{false};
};

/// Those of a vswitch, as its view has them.
using Captures = std::vector<std::shared_ptr<Capture>>;

}  // namespace hpvmnet
