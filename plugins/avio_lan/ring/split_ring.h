#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "avio_lan/ring/descriptor.h"
#include "avio_lan/ring/ring_setup.h"

namespace hpvmnet::avio_lan {

/// The three parts of a split ring in guest memory, as the device sees them: what the driver made
/// available is read, what was used is written. Knows the layout (virtio 1.2, clauses 2.7.6 to
/// 2.7.10), not what the descriptors mean. Positions are indexes of the available ring.
///
/// Used entries become visible to the driver all at once, by publish(). One thread at a time.
class SplitRing {
 public:
  explicit SplitRing(RingSetup setup) noexcept
      : setup_(std::move(setup)),
        mask_(setup_.size - 1),
        next_available_(setup_.next_available),
        next_used_(setup_.next_available),
        published_(setup_.next_available),
        call_(setup_.call) {}

  const RingSetup& setup() const noexcept { return setup_; }
  std::uint32_t size() const noexcept { return setup_.size; }
  std::uint16_t next_available() const noexcept { return next_available_; }

  /// The eventfd that interrupts the guest, or -1. Another thread may change it at any time.
  int call() const noexcept { return call_.load(std::memory_order_acquire); }
  void set_call(int call) noexcept { call_.store(call, std::memory_order_release); }

  /// Whether the driver has made anything available that is not taken yet.
  bool has_available() const noexcept { return available_index() != next_available_; }

  /// A chain that the driver has made available.
  struct Found {
    Descriptor first;
    std::uint32_t handle;  ///< by which it is returned: its head, which is below size()
  };

  /// Reads chains that are available. To be a local variable, so that a loop keeps it in registers
  /// whatever it writes to memory.
  class Reader {
   public:
    /// At most `most` chains from `position` on, which is next_available() or what a reader has got
    /// to since.
    Reader(const SplitRing& ring, std::uint16_t position, std::uint32_t most) noexcept
        : heads_(ring.setup_.available + 4),
          descriptors_(ring.setup_.descriptors),
          mask_(ring.mask_),
          next_(position) {
      const std::uint32_t available =
          static_cast<std::uint16_t>(ring.available_index() - ring.next_available_);
      const std::uint32_t known = static_cast<std::uint16_t>(position - ring.next_available_);
      broken_ = available > ring.size();
      end_ = next_ + (broken_ || available < known ? 0 : std::min(most, available - known));
    }

    /// The driver has made more available than the ring has room for.
    bool broken() const noexcept { return broken_; }
    bool more() const noexcept { return next_ != end_; }
    /// The next chain, where there is more(). False: the driver has broken the ring.
    bool read(Found& found) noexcept {
      const std::uint32_t head =
          shared_word(heads_ + std::size_t{2} * (next_ & mask_)).load(std::memory_order_relaxed);
      if (head > mask_) return false;
      found = {read_descriptor(descriptors_ + kDescriptorSize * head), head};
      ++next_;
      return true;
    }
    std::uint16_t position() const noexcept { return static_cast<std::uint16_t>(next_); }

   private:
    std::byte* const heads_;
    const std::byte* const descriptors_;
    const std::uint32_t mask_;
    std::uint32_t next_;
    std::uint32_t end_;
    bool broken_;
  };

  /// Index of the first descriptor of the chain at a position.
  static std::uint32_t first_descriptor(std::uint16_t, std::uint32_t handle) noexcept {
    return handle;
  }

  static Descriptor read_descriptor(const std::byte* from) noexcept {
    const auto [first, second] = read_halves(from);
    return {first, static_cast<std::uint32_t>(second), static_cast<std::uint16_t>(second >> 32),
            static_cast<std::uint16_t>(second >> 48)};
  }
  /// Where a chain, or an indirect table of `size` entries, goes on behind entry `index`. False: it
  /// ends there.
  static bool follow(const Descriptor& entry, bool, std::uint32_t, std::uint32_t& index) noexcept {
    index = entry.link;
    return (entry.flags & Descriptor::kNext) != 0;
  }

  /// Takes chains of one descriptor, or one of any length.
  void take(std::uint32_t count) noexcept {
    next_available_ = static_cast<std::uint16_t>(next_available_ + count);
  }
  void take_chain(std::uint32_t) noexcept { take(1); }

  /// Returns chains to the driver, one after the other; it sees them after publish(). To be a local
  /// variable, so that a loop keeps it in registers; the ring counts what was returned at its end.
  class UsedWriter {
   public:
    explicit UsedWriter(SplitRing& ring) noexcept
        : ring_(ring), entries_(ring.setup_.used + 4), mask_(ring.mask_), next_(ring.next_used_) {}
    UsedWriter(const UsedWriter&) = delete;
    UsedWriter& operator=(const UsedWriter&) = delete;
    ~UsedWriter() { ring_.next_used_ = static_cast<std::uint16_t>(next_); }

    /// `written`: the number of bytes that were written to the chain.
    void add(std::uint32_t handle, std::uint32_t written) noexcept {
      // Entries are aligned to 4 bytes only. publish() orders them before the index.
      const std::uint64_t entry = handle | static_cast<std::uint64_t>(written) << 32;
      std::memcpy(entries_ + std::size_t{8} * (next_ & mask_), &entry, sizeof entry);
      ++next_;
    }

   private:
    SplitRing& ring_;
    std::byte* const entries_;
    const std::uint32_t mask_;
    std::uint32_t next_;
  };

  /// Shows the driver all used entries. Returns whether it wants to be interrupted for them
  /// (clause 2.7.7.2).
  bool publish() noexcept {
    const std::uint16_t before = published_;
    if (next_used_ == before) return false;
    published_ = next_used_;
    shared_word(setup_.used + 2).store(next_used_, std::memory_order_release);
    if (call() < 0) return false;
    std::atomic_thread_fence(std::memory_order_seq_cst);  // the index before the driver's wish
    if (!setup_.event_index) {
      constexpr std::uint16_t kNoInterrupt = 1;
      return (shared_word(setup_.available).load(std::memory_order_relaxed) & kNoInterrupt) == 0;
    }
    const std::uint16_t event =
        shared_word(setup_.available + 4 + 2 * setup_.size).load(std::memory_order_relaxed);
    return static_cast<std::uint16_t>(published_ - event - 1) <
           static_cast<std::uint16_t>(published_ - before);
  }

  /// Asks the driver to kick for the next available entry (clause 2.7.10). The caller looks at
  /// available() once more afterwards.
  void enable_kicks() noexcept {
    if (setup_.event_index) {
      shared_word(setup_.used + 4 + 8 * setup_.size)
          .store(next_available_, std::memory_order_relaxed);
    } else {
      shared_word(setup_.used).store(0, std::memory_order_relaxed);
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);  // the wish before the index is read again
  }

  /// Asks the driver not to kick. With an event index there is nothing to write: the index asked
  /// for last stays behind, and is met once in 65536 entries at the most.
  void disable_kicks() noexcept {
    constexpr std::uint16_t kNoNotify = 1;
    if (!setup_.event_index) shared_word(setup_.used).store(kNoNotify, std::memory_order_relaxed);
  }

 private:
  std::uint16_t available_index() const noexcept {
    return shared_word(setup_.available + 2).load(std::memory_order_acquire);
  }

  RingSetup setup_;
  std::uint32_t mask_;
  std::uint16_t next_available_;
  std::uint16_t next_used_;
  std::uint16_t published_;
  std::atomic<int> call_;
};

}  // namespace hpvmnet::avio_lan
