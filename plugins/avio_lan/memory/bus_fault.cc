#include "avio_lan/memory/bus_fault.h"

#include <cerrno>
#include <csignal>
#include <mutex>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/spin_lock.h"

namespace hpvmnet::avio_lan {

/// All guards of the process, as a list that the handler walks without a lock: a guard is taken out
/// of the list first, and destroyed when no handler is left that could have seen it there.
class BusFaultRegistry {
 public:
  void add(BusFaultGuard& guard) noexcept;
  void remove(BusFaultGuard& guard) noexcept;

 private:
  static void on_signal(int number, siginfo_t* info, void* context) noexcept;

  void install() noexcept;
  bool recover(std::uintptr_t address) noexcept;
  void pass_on(int number, siginfo_t* info, void* context) const noexcept;

  std::mutex changes_;  // guards installed_ and changes of the list
  bool installed_ = false;
  struct sigaction previous_ {};
  std::atomic<BusFaultGuard*> first_{nullptr};
  std::atomic<unsigned> handlers_{0};  // that walk the list now
};

namespace {

// A signal handler has no other way to what it needs.
constinit BusFaultRegistry registry;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

BusFaultGuard::BusFaultGuard(void* begin, std::size_t length, int event) noexcept
    : begin_(reinterpret_cast<std::uintptr_t>(begin)), length_(length), event_(event) {
  registry.add(*this);
}

BusFaultGuard::~BusFaultGuard() { registry.remove(*this); }

void BusFaultRegistry::add(BusFaultGuard& guard) noexcept {
  const std::lock_guard lock(changes_);
  if (!installed_) install();
  guard.next_.store(first_.load());
  first_.store(&guard);
}

void BusFaultRegistry::remove(BusFaultGuard& guard) noexcept {
  {
    const std::lock_guard lock(changes_);
    std::atomic<BusFaultGuard*>* link = &first_;
    while (link->load() != &guard) link = &link->load()->next_;
    link->store(guard.next_.load());
  }
  // Sequentially consistent, as is all of the list: a handler that is not counted yet begins its
  // walk after the store above.
  while (handlers_.load() > 0) SpinLock::relax();
}

void BusFaultRegistry::install() noexcept {
  ::sigaction(SIGBUS, nullptr, &previous_);
  struct sigaction ours {};
  ours.sa_sigaction = &on_signal;
  ours.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &ours, nullptr);
  installed_ = true;
}

void BusFaultRegistry::on_signal(int number, siginfo_t* info, void* context) noexcept {
  const int interrupted_errno = errno;
  const bool by_kernel = info->si_code > 0;  // else sent by a process, and without an address
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  if (!by_kernel || !registry.recover(address)) registry.pass_on(number, info, context);
  errno = interrupted_errno;
}

bool BusFaultRegistry::recover(std::uintptr_t address) noexcept {
  ++handlers_;
  BusFaultGuard* guard = first_.load();
  while (guard != nullptr && !guard->covers(address)) guard = guard->next_.load();
  const bool recovered = guard != nullptr && guard->replace();
  --handlers_;
  return recovered;
}

// Several threads may do so at once: each finds zeroes afterwards. The system call itself, since
// the sanitizers' mmap() is not made for signal handlers and counts as a write that races with
// others.
bool BusFaultGuard::replace() noexcept {
  constexpr long kFlags = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  constexpr long kAccess = PROT_READ | PROT_WRITE;
  const long zeroes = ::syscall(SYS_mmap, begin_, length_, kAccess, kFlags, -1L, 0L);
  if (zeroes == -1) return false;
  lost_.store(true, std::memory_order_relaxed);
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_, &one, sizeof one);
  return true;
}

void BusFaultRegistry::pass_on(int number, siginfo_t* info, void* context) const noexcept {
  if ((previous_.sa_flags & SA_SIGINFO) != 0) {
    previous_.sa_sigaction(number, info, context);
  } else if (previous_.sa_handler != SIG_DFL && previous_.sa_handler != SIG_IGN) {
    previous_.sa_handler(number);
  } else if (previous_.sa_handler == SIG_DFL || info->si_code > 0) {  // faults can't be ignored
    ::signal(number, SIG_DFL);
    ::raise(number);  // arrives when this handler returns
  }
}

}  // namespace hpvmnet::avio_lan
