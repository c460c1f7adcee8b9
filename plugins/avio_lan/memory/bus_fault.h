#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace hpvmnet::avio_lan {

/// Survives the loss of memory that belongs to another process.
///
/// A hypervisor can truncate the file behind guest memory, or run out of huge pages, after we have
/// mapped it. Whichever thread touches the memory next, a worker in the middle of a copy included,
/// gets SIGBUS. As long as a guard exists for the mapping, the whole of it is then replaced by
/// private memory full of zeroes, `event` is signalled, and the thread goes on as if nothing had
/// happened; the control thread closes the connection when it sees the event. SIGBUS elsewhere goes
/// to the handler that was installed before ours, or ends the process as it would have.
///
/// A signal has one handler in a process, so this is the one place of the plugin with process-wide
/// state: the handler, installed with the first guard and for good (a later handler may chain to
/// it, so it can't be taken back, and the module must never be unloaded), and the list of guards in
/// which it finds the address. The handler takes no lock; it may interrupt any code.
///
/// Threads: any. The caller sees to it that nothing touches the mapping any longer when its guard
/// is destroyed, and unmaps it after that.
class BusFaultGuard {
 public:
  /// `length` bytes from `begin` are one mapping, of whole pages. `event` is a non-blocking eventfd
  /// and outlives the guard.
  BusFaultGuard(void* begin, std::size_t length, int event) noexcept;
  BusFaultGuard(const BusFaultGuard&) = delete;
  BusFaultGuard& operator=(const BusFaultGuard&) = delete;
  ~BusFaultGuard();

  /// The memory is gone; what can be read there now means nothing.
  bool lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  friend class BusFaultRegistry;

  bool covers(std::uintptr_t address) const noexcept { return address - begin_ < length_; }
  bool replace() noexcept;

  const std::uintptr_t begin_;
  const std::size_t length_;
  const int event_;
  std::atomic<bool> lost_{false};
  std::atomic<BusFaultGuard*> next_{nullptr};
};

}  // namespace hpvmnet::avio_lan
