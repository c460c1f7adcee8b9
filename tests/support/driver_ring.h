#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
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
  std::uint16_t head = 0;
  std::uint32_t written = 0;
};

/// The driver's side of a split virtqueue (virtio 1.2, clause 2.7), with its two eventfds.
///
/// Trusts the device no more than a good driver does: a used entry that names no chain which is out
/// throws std::runtime_error. The parts in shared memory are open to tests that want to break the
/// rules. One thread; resting (not waiting) costs nothing.
class DriverRing {
 public:
  static constexpr std::size_t kDirect = std::numeric_limits<std::size_t>::max();

  struct Options {
    std::uint32_t size = 256;  ///< a power of two, 1 to 32768
    bool event_index = false;  ///< VIRTIO_F_EVENT_IDX
    std::size_t region = 0;    ///< of the memory that the ring is to lie in
  };

  DriverRing(GuestRam& ram, const Options& options);

  std::uint32_t size() const { return size_; }
  std::uint32_t free_descriptors() const { return free_count_; }
  std::uint32_t chains_out() const { return chains_out_; }

  /// Guest addresses of the three parts.
  std::uint64_t descriptors_at() const { return descriptors_at_; }
  std::uint64_t available_at() const { return available_at_; }
  std::uint64_t used_at() const { return used_at_; }

  /// Prepares a chain for the device; expose() shows it. From piece number `indirect_from` on, the
  /// pieces are described by an indirect table. Nothing where too few descriptors are free.
  std::optional<std::uint16_t> offer(std::span<const ChainPiece> pieces,
                                     std::size_t indirect_from = kDirect);

  /// Shows all chains to the device. Returns whether it wants to be kicked for them.
  bool expose();
  void kick();
  /// Shows, and kicks where that is wanted.
  void publish() {
    if (expose()) kick();
  }

  /// The next chain that the device has given back, if there is one.
  std::optional<UsedChain> collect();
  /// Chains that collect() would yield.
  std::uint32_t collectable() const;
  /// Waits, sleeping on the call eventfd, for collectable() to reach 1. False: time is up.
  bool wait(std::chrono::milliseconds limit);

  /// Asks for an interrupt with the next used chain, or for none.
  void request_interrupts();
  void suppress_interrupts();
  /// Interrupts since the last call.
  std::uint64_t interrupts();
  std::uint64_t kicks() const { return kicks_; }

  /// As a driver that starts anew: nothing offered, nothing used, indexes 0.
  void reset();

  int kick_descriptor() const { return kick_.get(); }
  int call_descriptor() const { return call_.get(); }
  /// Other eventfds, which replace the old ones.
  void renew_descriptors();

  // The ring in memory, for tests that break the rules.
  RingDescriptor descriptor(std::uint32_t index) const;
  void set_descriptor(std::uint32_t index, const RingDescriptor& value);
  std::uint16_t available_index() const;
  void set_available_index(std::uint16_t index);
  void set_available_entry(std::uint32_t position, std::uint16_t head);
  std::uint16_t used_index() const;
  std::uint16_t used_flags() const;

 private:
  std::uint16_t load(std::uint64_t guest) const;
  void store(std::uint64_t guest, std::uint16_t value);
  std::uint16_t take_descriptor();
  void give_back(std::uint16_t head);
  std::uint64_t table_for(std::uint16_t head, std::size_t entries);
  void fill_table(std::uint64_t table, std::span<const ChainPiece> pieces);
  bool kick_wanted(std::uint16_t before, std::uint16_t now) const;

  struct Table {
    std::uint64_t at = 0;
    std::size_t capacity = 0;
  };

  GuestRam& ram_;
  std::uint32_t size_;
  bool event_index_;
  std::size_t region_;
  std::uint64_t descriptors_at_;
  std::uint64_t available_at_;
  std::uint64_t used_at_;
  Fd kick_;
  Fd call_;
  std::uint64_t kicks_ = 0;

  // What the device cannot touch: the free list (through next_), lengths of chains by head (0: not
  // out), indirect tables by head.
  std::vector<std::uint16_t> next_;
  std::vector<std::uint32_t> chain_length_;
  std::vector<Table> tables_;
  std::uint16_t first_free_ = 0;
  std::uint32_t free_count_ = 0;
  std::uint32_t chains_out_ = 0;
  std::uint16_t available_index_ = 0;
  std::uint16_t exposed_index_ = 0;
  std::uint16_t used_index_ = 0;
};

}  // namespace hpvmnet::test
