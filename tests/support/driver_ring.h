#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/fd.h"
#include "support/guest_ram.h"

namespace hpvmnet::test {

/// A descriptor as it lies in guest memory (virtio 1.2, clause 2.7.5).
struct RingDescriptor {
  static constexpr std::uint16_t kNext = 1;
  static constexpr std::uint16_t kWrite = 2;
  static constexpr std::uint16_t kIndirect = 4;

  std::uint64_t address = 0;
  std::uint32_t length = 0;
  std::uint16_t flags = 0;
  std::uint16_t next = 0;
};

/// A piece of guest memory in a chain of descriptors.
struct ChainPiece {
  std::uint64_t address = 0;
  std::uint32_t length = 0;
  bool device_writes = false;
};

/// A chain that the device has given back.
struct UsedChain {
  std::uint16_t head = 0;  ///< as offer() has named it
  std::uint32_t written = 0;
};

/// The driver's side of a virtqueue, split or packed, with its two eventfds.
///
/// Trusts the device no more than a good driver does: a used entry that names no chain which is out
/// throws std::runtime_error. One thread; resting (not waiting) costs nothing.
class DriverRing {
 public:
  static constexpr std::size_t kDirect = std::numeric_limits<std::size_t>::max();

  struct Options {
    std::uint32_t size = 256;  ///< a power of two, 1 to 32768
    bool event_index = false;  ///< VIRTIO_F_EVENT_IDX
    std::size_t region = 0;    ///< of the memory that the ring is to lie in
  };

  static std::unique_ptr<DriverRing> make(GuestRam& ram, const Options& options, bool packed);
  virtual ~DriverRing() = default;

  std::uint32_t size() const { return size_; }
  virtual std::uint32_t free_descriptors() const = 0;
  std::uint32_t chains_out() const { return chains_out_; }

  /// Guest addresses of the three parts: descriptors, what the driver writes, what the device does.
  std::uint64_t descriptors_at() const { return descriptors_at_; }
  std::uint64_t available_at() const { return available_at_; }
  std::uint64_t used_at() const { return used_at_; }

  virtual bool packed() const = 0;
  /// Where a device begins on a new ring, and where a front end tells it to go on that has lost its
  /// back end without a word, as the protocol has it.
  virtual std::uint32_t first_base() const = 0;
  virtual std::uint32_t lost_base() const = 0;

  /// Prepares a chain for the device; expose() shows it. From piece number `indirect_from` on, the
  /// pieces are described by an indirect table. Nothing where too few descriptors are free.
  virtual std::optional<std::uint16_t> offer(std::span<const ChainPiece> pieces,
                                             std::size_t indirect_from = kDirect) = 0;

  /// Shows all chains to the device. Returns whether it wants to be kicked for them.
  virtual bool expose() = 0;
  void kick();
  /// Shows, and kicks where that is wanted.
  void publish() {
    if (expose()) kick();
  }

  /// The next chain that the device has given back, if there is one.
  virtual std::optional<UsedChain> collect() = 0;
  /// Whether collect() would yield one.
  virtual bool collectable() const = 0;
  /// Waits, sleeping on the call eventfd, for collectable(). False: time is up.
  bool wait(std::chrono::milliseconds limit);

  /// Asks for an interrupt with the next used chain, or for none.
  virtual void request_interrupts() = 0;
  virtual void suppress_interrupts() = 0;
  /// Interrupts since the last call.
  std::uint64_t interrupts();
  std::uint64_t kicks() const { return kicks_; }

  /// As a driver that starts anew: nothing offered, nothing used, indexes 0.
  virtual void reset() = 0;

  int kick_descriptor() const { return kick_.get(); }
  int call_descriptor() const { return call_.get(); }
  /// Other eventfds, which replace the old ones.
  void renew_descriptors();

 protected:
  /// Bytes and alignment of a part.
  struct Part {
    std::uint64_t size;
    std::uint64_t alignment;
  };
  DriverRing(GuestRam& ram, const Options& options, Part available, Part used);

  std::uint16_t load(std::uint64_t guest) const;
  void store(std::uint64_t guest, std::uint16_t value);
  /// Guest address of a table for a chain; `entries` descriptors of 16 bytes fit.
  std::uint64_t table_for(std::uint16_t head, std::size_t entries);
  /// All three parts are zero.
  void clear();

  GuestRam& ram_;
  const std::uint32_t size_;
  const bool event_index_;
  std::uint32_t chains_out_ = 0;

 private:
  struct Table {
    std::uint64_t at = 0;
    std::size_t capacity = 0;
  };

  const std::size_t region_;
  const Part available_;
  const Part used_;
  const std::uint64_t descriptors_at_;
  const std::uint64_t available_at_;
  const std::uint64_t used_at_;
  Fd kick_;
  Fd call_;
  std::uint64_t kicks_ = 0;
  std::vector<Table> tables_;  // by head
};

}  // namespace hpvmnet::test
