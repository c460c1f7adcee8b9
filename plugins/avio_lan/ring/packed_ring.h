#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "avio_lan/ring/packed_table.h"
#include "avio_lan/ring/ring_setup.h"

namespace hpvmnet::avio_lan {

/// A packed ring in guest memory, as the device sees it (virtio 1.2, clause 2.8): one table, in
/// which the driver makes descriptors available and the device overwrites them as used. The same
/// interface as SplitRing's. Positions are those of PackedTable.
///
/// Front ends cannot tell where a ring has got to when a back end has died, since nothing in guest
/// memory says so. Here something does:
///
/// - A chain is returned with all of its descriptors marked as used, not only the first one. So the
///   marks alone tell what has been returned, whether it was made available again since or not.
/// - The device's event suppression structure has a field for a position, which drivers ignore as
///   long as its flags ask for all kicks or for none. We never ask for anything else, and keep a
///   position there from which on less than the ring has been returned. A driver that starts anew
///   clears it.
///
/// So a ring goes on exactly where the last one ended, however it ended. Of a burst that had been
/// used and not shown to the driver, the first chain is returned with a length of 0.
class PackedRing {
 public:
  explicit PackedRing(RingSetup setup) noexcept;

  const RingSetup& setup() const noexcept { return setup_; }
  std::uint32_t size() const noexcept { return setup_.size; }
  std::uint16_t next_available() const noexcept { return next_available_; }

  int call() const noexcept { return call_.load(std::memory_order_acquire); }
  void set_call(int call) noexcept { call_.store(call, std::memory_order_release); }

  bool has_available() const noexcept { return table_.is_available(next_available_); }

  struct Found {
    Descriptor first;
    std::uint32_t handle;  ///< the buffer's id, below size(); above it, the number of descriptors
  };

  class Reader {
   public:
    Reader(const PackedRing& ring, std::uint16_t position, std::uint32_t most) noexcept
        : ring_(ring),
          next_(position),
          room_(ring.size() - static_cast<std::uint16_t>(position - ring.next_available_)),
          left_(most) {}

    bool broken() const noexcept { return false; }
    bool more() noexcept { return left_ != 0 && room_ != 0 && ring_.table_.is_available(next_); }
    bool read(Found& found) noexcept;
    std::uint16_t position() const noexcept { return static_cast<std::uint16_t>(next_); }

   private:
    const PackedRing& ring_;
    std::uint32_t next_;
    std::uint32_t room_;  // descriptors until the ring has been gone round
    std::uint32_t left_;  // chains
  };

  std::uint32_t first_descriptor(std::uint16_t position, std::uint32_t) const noexcept {
    return position & (setup_.size - 1);
  }

  static Descriptor read_descriptor(const std::byte* from) noexcept {
    const auto [first, second] = read_halves(from);
    return {first, static_cast<std::uint32_t>(second),
            static_cast<std::uint16_t>(second >> 48 & ~std::uint64_t{PackedTable::kMarks}),
            static_cast<std::uint16_t>(second >> 32)};
  }
  // Clause 2.8.7: an indirect table is used whole, whatever its entries' flags say.
  static bool follow(const Descriptor& entry, bool indirect, std::uint32_t size,
                     std::uint32_t& index) noexcept {
    ++index;
    if (indirect) return index < size;
    if (index == size) index = 0;
    return (entry.flags & Descriptor::kNext) != 0;
  }

  void take(std::uint32_t count) noexcept {
    next_available_ = static_cast<std::uint16_t>(next_available_ + count);
  }
  void take_chain(std::uint32_t handle) noexcept { take(handle >> 16); }

  class UsedWriter {
   public:
    explicit UsedWriter(PackedRing& ring) noexcept
        : ring_(ring), table_(ring.table_), next_(ring.next_used_) {}
    UsedWriter(const UsedWriter&) = delete;
    UsedWriter& operator=(const UsedWriter&) = delete;
    ~UsedWriter() { ring_.next_used_ = static_cast<std::uint16_t>(next_); }

    void add(std::uint32_t handle, std::uint32_t written) noexcept {
      const std::uint64_t entry = table_.used_entry(next_, handle & 0xffff, written);
      if (static_cast<std::uint16_t>(next_) == ring_.published_) {
        ring_.first_entry_ = entry;  // the driver waits there: publish() writes it
      } else {
        table_.second_half(next_).store(entry, std::memory_order_relaxed);
      }
      const std::uint32_t count = handle >> 16;
      if (count > 1) [[unlikely]] {
        ring_.mark_used(next_ + 1, count - 1);
      }
      next_ += count;
    }

   private:
    PackedRing& ring_;
    const PackedTable table_;
    std::uint32_t next_;
  };

  bool publish() noexcept;

  // Clause 2.8.10. Each kick may come once more than needed, until the worker is awake.
  void enable_kicks() noexcept {
    shared_word(setup_.used + 2).store(kAllEvents, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);  // the wish before the table is read again
  }
  void disable_kicks() noexcept {
    shared_word(setup_.used + 2).store(kNoEvents, std::memory_order_relaxed);
  }

 private:
  // Flags of an event suppression structure.
  static constexpr std::uint16_t kAllEvents = 0;
  static constexpr std::uint16_t kNoEvents = 1;
  static constexpr std::uint16_t kOneEvent = 2;

  bool interrupt_wanted(std::uint16_t before) const noexcept;
  void mark_used(std::uint32_t position, std::uint32_t count) noexcept;
  void note(std::uint16_t position) noexcept;
  std::uint16_t recover() noexcept;
  std::uint32_t id_of_chain(std::uint32_t position) const noexcept;

  RingSetup setup_;
  PackedTable table_;
  std::uint16_t next_available_;
  std::uint16_t next_used_;
  std::uint16_t published_;
  std::uint16_t noted_;            // position that is kept in guest memory
  std::uint64_t first_entry_ = 0;  // second half of the used descriptor at published_
  std::atomic<int> call_;
};

}  // namespace hpvmnet::avio_lan
