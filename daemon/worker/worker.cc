#include "worker/worker.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <string>

#include <pthread.h>
#include <sys/eventfd.h>

#include "switch/pipeline.h"

namespace hpvmnet {
namespace {

constexpr std::uint64_t kWakeEvent = ~std::uint64_t{0};  // epoll data that is no slot
// Rounds between two looks at the epoll set: while there is work, and while there is none.
constexpr unsigned kBusyRounds = 32;
constexpr unsigned kIdleRounds = 4;
constexpr int kInterruptSignal = SIGURG;

bool add_to_epoll(int epoll, int descriptor, std::uint64_t data) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = data;
  return ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

// A handler that does nothing, without SA_RESTART: the interrupted call fails with EINTR.
void install_interrupt_handler() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  ::sigaction(kInterruptSignal, &action, nullptr);
}

}  // namespace

Result<std::unique_ptr<Worker>> Worker::start(unsigned number, std::optional<unsigned> cpu,
                                              SpinTime spin, const Publication& publication) {
  Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
  Fd wake_event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!epoll || !wake_event || !add_to_epoll(epoll.get(), wake_event.get(), kWakeEvent)) {
    return system_failure("cannot prepare a worker", errno);
  }
  install_interrupt_handler();
  std::unique_ptr<Worker> worker(
      new Worker(number, spin, publication, std::move(epoll), std::move(wake_event)));
  worker->thread_ = std::thread([w = worker.get()] { w->run(); });
  ::pthread_setname_np(worker->thread_.native_handle(),
                       ("worker-" + std::to_string(number)).c_str());
  if (cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(*cpu, &set);
    if (const int error =
            ::pthread_setaffinity_np(worker->thread_.native_handle(), sizeof set, &set)) {
      return system_failure("cannot run a worker on processor " + std::to_string(*cpu), error);
    }
  }
  return worker;
}

Worker::Worker(unsigned number, SpinTime spin, const Publication& publication, Fd epoll,
               Fd wake_event)
    : number_(number),
      spin_(spin),
      publication_(publication),
      epoll_(std::move(epoll)),
      wake_event_(std::move(wake_event)) {}

Worker::~Worker() {
  stopping_.store(true);
  wake();
  if (thread_.joinable()) thread_.join();
}

void Worker::wake() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_event_.get(), &one, sizeof one);
}

void Worker::nudge() noexcept { ::pthread_kill(thread_.native_handle(), kInterruptSignal); }

void Worker::run() noexcept {
  note_time();
  unsigned rounds = 0;  // since the last look
  while (!stopping_.load(std::memory_order_relaxed)) {
    adopt_published();
    const bool busy = visit_awake();
    if (awake_.empty()) {
      sleep();
    } else if (++rounds >= (busy ? kBusyRounds : kIdleRounds)) {
      rounds = 0;
      note_time();
      look_for_woken();
    }
  }
  asleep_.store(true);
}

// Between two rounds nothing published is in use, so this is the quiescent point: `seen_` says so,
// and what is loaded from here on is at least as new as `epoch`. With a new view all queues are
// awake, so that no signal given to a predecessor is lost.
void Worker::adopt_published() noexcept {
  const std::uint64_t epoch = publication_.epoch.load(std::memory_order_seq_cst);
  if (epoch == seen_.load(std::memory_order_relaxed)) return;
  seen_.store(epoch, std::memory_order_release);
  const View* view = publication_.view.load(std::memory_order_acquire);
  if (view == nullptr || view->version == version_) return;
  version_ = view->version;
  queues_ = &view->queues[number_];
  slots_.assign(queues_->size(), Slot{});
  awake_.clear();
  for (std::uint32_t slot = 0; slot < queues_->size(); ++slot) {
    if ((*queues_)[slot].vswitch == nullptr) continue;
    slots_[slot].awake = true;
    awake_.push_back(slot);
  }
}

// One round: a burst from each queue that is awake. Returns whether there was any.
bool Worker::visit_awake() noexcept {
  bool busy = false;
  bool clock_read = false;
  for (std::size_t i = 0; i < awake_.size();) {
    const std::uint32_t slot = awake_[i];
    if (move_burst((*queues_)[slot], burst_, number_, seconds_)) {
      slots_[slot].idle_since = {};
      busy_.moved_burst();
      busy = true;
      ++i;
      continue;
    }
    if (!clock_read) {
      note_time();
      clock_read = true;
    }
    if (keep_awake(slot)) {
      ++i;
    } else {
      slots_[slot].awake = false;
      awake_[i] = awake_.back();
      awake_.pop_back();
    }
  }
  return busy;
}

// An idle queue stays awake for the spin time.
bool Worker::keep_awake(std::uint32_t slot) noexcept {
  if (spin_ == kSpinForever) return true;
  auto& idle_since = slots_[slot].idle_since;
  if (idle_since == std::chrono::steady_clock::time_point{}) idle_since = now_;
  if (now_ - idle_since < spin_) return true;
  return !park(slot);
}

bool Worker::park(std::uint32_t slot) noexcept {
  const IngressQueue& from = (*queues_)[slot];
  const Wait wait = from.port_view().port->park(from.queue);
  if (wait == Wait::nothing) return false;
  const bool space = wait == Wait::input_or_space;
  if (slots_[slot].wants_space != space) register_interest(slot, space);
  return true;
}

void Worker::register_interest(std::uint32_t slot, bool space) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  if (space) event.events |= EPOLLOUT;
  event.data.u64 = slot;
  // Fails where the control thread has just taken the queue away, which is as good.
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, (*queues_)[slot].wake, &event);
  slots_[slot].wants_space = space;
}

void Worker::look_for_woken() noexcept {
  EpollEvents events;
  awaken(std::span(events).first(wait_for_events(events, 0)));
}

// Waits for a parked queue's peer or for the control thread. While `asleep_` is set the view may be
// replaced and freed, so a newer one is adopted before anything else is touched.
void Worker::sleep() noexcept {
  EpollEvents events;
  std::size_t count = 0;
  const std::uint64_t seen = seen_.load(std::memory_order_relaxed);
  asleep_.store(true, std::memory_order_seq_cst);
  if (publication_.epoch.load(std::memory_order_seq_cst) == seen &&
      !stopping_.load(std::memory_order_seq_cst)) {
    count = wait_for_events(events, -1);
  }
  asleep_.store(false, std::memory_order_seq_cst);
  note_time();
  adopt_published();
  awaken(std::span(events).first(count));
}

std::size_t Worker::wait_for_events(EpollEvents& events, int timeout) noexcept {
  const int count =
      ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

// Events may be older than the view: a slot that has changed hands is visited in vain, once.
void Worker::awaken(std::span<const epoll_event> events) noexcept {
  for (const epoll_event& event : events) {
    const std::uint64_t slot = event.data.u64;
    if (slot >= slots_.size() || (*queues_)[slot].vswitch == nullptr || slots_[slot].awake)
      continue;
    slots_[slot].awake = true;
    slots_[slot].idle_since = {};
    awake_.push_back(static_cast<std::uint32_t>(slot));
  }
}

void Worker::note_time() noexcept {
  now_ = std::chrono::steady_clock::now();
  seconds_ = static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count());
  busy_.note(now_);
}

}  // namespace hpvmnet
