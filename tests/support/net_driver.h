#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "support/chain_shape.h"
#include "support/driver_ring.h"

namespace hpvmnet::test {

/// The header before each frame (virtio 1.2, clause 5.1.6); the legacy form lacks the last field.
struct NetHeader {
  std::uint8_t flags = 0;
  std::uint8_t gso_type = 0;
  std::uint16_t header_length = 0;
  std::uint16_t gso_size = 0;
  std::uint16_t checksum_start = 0;
  std::uint16_t checksum_offset = 0;
  std::uint16_t buffers = 0;
};
inline constexpr std::uint32_t kHeaderLength = sizeof(NetHeader);
inline constexpr std::uint32_t kLegacyHeaderLength = kHeaderLength - 2;

/// A frame that came out of the switch.
struct ReceivedFrame {
  NetHeader header;
  std::uint32_t buffers = 0;  ///< chains that it came in
  Bytes frame;
};

/// A guest's virtio-net driver with one pair of queues. "Ingress" is the way into the switch (the
/// guest sends), "egress" the way out of it (the guest receives), as everywhere.
///
/// What no correct device does (wrong num_buffers, a used length that its chain has no room for, a
/// chain that is not out) throws. One thread.
class NetDriver {
 public:
  static constexpr std::uint32_t kEgressQueue = 0;
  static constexpr std::uint32_t kIngressQueue = 1;

  struct Options {
    std::uint32_t ingress_size = 256;
    std::uint32_t egress_size = 256;
    bool event_index = true;
    bool mergeable = true;
    bool packed = false;
    std::uint32_t header_length = kHeaderLength;
    std::uint32_t slot = 2048;     ///< bytes for a frame with its header, to be sent
    std::uint32_t buffer = 2048;   ///< bytes of a buffer for frames to come
    ChainShape egress_shape = {};  ///< how these are cut
    std::size_t region = 0;        ///< of the memory: rings, and buffers where not told below
    std::optional<std::uint64_t> slots_at = {};    ///< guest address of all slots
    std::optional<std::uint64_t> buffers_at = {};  ///< guest address of all buffers
  };

  NetDriver(GuestRam& ram, const Options& options);

  DriverRing& ingress() { return *ingress_; }
  DriverRing& egress() { return *egress_; }
  const Options& options() const { return options_; }

  /// Sends a frame. False: the ring is full and stays so until the switch has taken something.
  bool send(ByteView frame, const ChainShape& shape = {}) {
    return send(NetHeader{}, frame, shape);
  }
  bool send(const NetHeader& header, ByteView frame, const ChainShape& shape = {});
  /// The same without showing it to the switch; publish() on the ring does.
  bool prepare(const NetHeader& header, ByteView frame, const ChainShape& shape = {});
  /// Takes back what the switch has read. Returns the number of chains.
  std::uint32_t reclaim();
  /// Waits until the switch has read everything. False: time is up.
  bool wait_sent(std::chrono::milliseconds limit);

  /// The next frame, if one has come. Its buffers go back to the switch unless hold_buffers(true).
  bool receive(ReceivedFrame& into);
  std::optional<ReceivedFrame> receive(std::chrono::milliseconds limit);
  void hold_buffers(bool hold) { hold_ = hold; }
  /// Gives all buffers that are at home to the switch.
  void fill();

  /// As after a reload of the driver: rings empty, buffers of the egress ring offered.
  void reset();

 private:
  struct Buffer {
    std::uint64_t address = 0;
    std::vector<ChainPiece> pieces;
  };

  GuestRam& ram_;
  Options options_;
  std::unique_ptr<DriverRing> ingress_;
  std::unique_ptr<DriverRing> egress_;
  std::uint64_t slots_at_;
  std::vector<std::uint64_t> free_slots_;    // guest addresses
  std::vector<std::uint64_t> slot_of_head_;  // by head
  std::vector<Buffer> all_buffers_;
  std::vector<std::size_t> free_buffers_;    // indexes of all_buffers_
  std::vector<std::size_t> buffer_of_head_;  // by head
  Bytes scratch_;
  bool hold_ = false;
};

}  // namespace hpvmnet::test
