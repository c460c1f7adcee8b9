#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "avio_lan/ring/ring_setup.h"

namespace hpvmnet::avio_lan {

static_assert(std::endian::native == std::endian::little,
              "virtio 1 is little-endian, legacy devices have the guest's byte order");

/// A descriptor (virtio 1.2, clause 2.7.5), copied out of guest memory once and then judged.
struct Descriptor {
  static constexpr std::uint16_t kNext = 1;
  static constexpr std::uint16_t kWrite = 2;
  static constexpr std::uint16_t kIndirect = 4;

  std::uint64_t address;
  std::uint32_t length;
  std::uint16_t flags;
  std::uint16_t next;

  static Descriptor read(const std::byte* from) noexcept {
    auto* words = reinterpret_cast<std::uint64_t*>(const_cast<std::byte*>(from));
    const std::uint64_t first = std::atomic_ref(words[0]).load(std::memory_order_relaxed);
    const std::uint64_t second = std::atomic_ref(words[1]).load(std::memory_order_relaxed);
    return {first, static_cast<std::uint32_t>(second), static_cast<std::uint16_t>(second >> 32),
            static_cast<std::uint16_t>(second >> 48)};
  }
};
/// Which way a chain's descriptors must point; a chain of a network queue has one direction only.
/// The values are those of a descriptor's flags.
enum class Direction : std::uint16_t { to_device = 0, to_guest = Descriptor::kWrite };

inline constexpr std::size_t kDescriptorSize = 16;
static_assert(sizeof(Descriptor) == kDescriptorSize);

/// The three parts of a split ring in guest memory, as the device sees them: what the driver made
/// available is read, what was used is written. Knows the layout (virtio 1.2, clauses 2.7.6 to
/// 2.7.10), not what the descriptors mean.
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
  int call() const noexcept { return call_.load(std::memory_order_relaxed); }
  void set_call(int call) noexcept { call_.store(call, std::memory_order_relaxed); }

  /// Entries that the driver has made available and that are not taken yet. A correct driver never
  /// lets that exceed size().
  std::uint32_t available() const noexcept {
    const std::uint16_t index = word(setup_.available + 2).load(std::memory_order_acquire);
    return static_cast<std::uint16_t>(index - next_available_);
  }

  /// Reads entries that are available. To be a local variable, so that a loop keeps it in registers
  /// whatever it writes to memory.
  class Reader {
   public:
    explicit Reader(const SplitRing& ring) noexcept
        : heads_(ring.setup_.available + 4),
          descriptors_(ring.setup_.descriptors),
          mask_(ring.mask_),
          next_(ring.next_available_) {}

    /// Head of the `ahead`-th entry from the next one on. Not yet known to be below size().
    std::uint32_t head(std::uint32_t ahead) const noexcept {
      return word(heads_ + std::size_t{2} * ((next_ + ahead) & mask_))
          .load(std::memory_order_relaxed);
    }
    /// Descriptor `index`, which must be below size().
    Descriptor descriptor(std::uint32_t index) const noexcept {
      return Descriptor::read(descriptors_ + kDescriptorSize * index);
    }

   private:
    std::byte* const heads_;
    const std::byte* const descriptors_;
    const std::uint32_t mask_;
    const std::uint32_t next_;
  };

  /// Takes entries off the available ring.
  void take(std::uint32_t count) noexcept {
    next_available_ = static_cast<std::uint16_t>(next_available_ + count);
  }

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
    void add(std::uint32_t head, std::uint32_t written) noexcept {
      // Entries are aligned to 4 bytes only. publish() orders them before the index.
      const std::uint64_t entry = head | static_cast<std::uint64_t>(written) << 32;
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
    word(setup_.used + 2).store(next_used_, std::memory_order_release);
    if (call() < 0) return false;
    std::atomic_thread_fence(std::memory_order_seq_cst);  // the index before the driver's wish
    if (!setup_.event_index) {
      constexpr std::uint16_t kNoInterrupt = 1;
      return (word(setup_.available).load(std::memory_order_relaxed) & kNoInterrupt) == 0;
    }
    const std::uint16_t event =
        word(setup_.available + 4 + 2 * setup_.size).load(std::memory_order_relaxed);
    return static_cast<std::uint16_t>(published_ - event - 1) <
           static_cast<std::uint16_t>(published_ - before);
  }

  /// Asks the driver to kick for the next available entry (clause 2.7.10). The caller looks at
  /// available() once more afterwards.
  void enable_kicks() noexcept {
    if (setup_.event_index) {
      word(setup_.used + 4 + 8 * setup_.size).store(next_available_, std::memory_order_relaxed);
    } else {
      word(setup_.used).store(0, std::memory_order_relaxed);
    }
    std::atomic_thread_fence(std::memory_order_seq_cst);  // the wish before the index is read again
  }

  /// Asks the driver not to kick. With an event index there is nothing to write: the index asked
  /// for last stays behind, and is met once in 65536 entries at the most.
  void disable_kicks() noexcept {
    constexpr std::uint16_t kNoNotify = 1;
    if (!setup_.event_index) word(setup_.used).store(kNoNotify, std::memory_order_relaxed);
  }

 private:
  static std::atomic_ref<std::uint16_t> word(std::byte* at) noexcept {
    return std::atomic_ref(*reinterpret_cast<std::uint16_t*>(at));
  }

  RingSetup setup_;
  std::uint32_t mask_;
  std::uint16_t next_available_;
  std::uint16_t next_used_;
  std::uint16_t published_;
  std::atomic<int> call_;
};

}  // namespace hpvmnet::avio_lan
