#include "control/loop.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <event2/event.h>

#include "control/mailbox.h"

namespace hpvmnet {
namespace {

// Without an event that it relies on, the daemon would stop to react: better to end with a reason.
void require(bool worked, const char* what) {
  if (worked) return;
  std::perror(what);
  std::abort();
}

struct BaseDeleter {
  void operator()(event_base* base) const { event_base_free(base); }
};
using Base = std::unique_ptr<event_base, BaseDeleter>;

Base make_base() {
  event_config* config = event_config_new();
  require(config != nullptr, "event_config_new");
  // Timers count from when they are made, however long the callback that makes them has run.
  event_config_set_flag(config, EVENT_BASE_FLAG_NO_CACHE_TIME);
  event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
  Base base(event_base_new_with_config(config));
  event_config_free(config);
  require(base != nullptr, "event_base_new");
  return base;
}

timeval to_timeval(std::chrono::milliseconds duration) {
  duration = std::max(duration, std::chrono::milliseconds::zero());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  const std::chrono::microseconds rest = duration - seconds;
  return {.tv_sec = seconds.count(), .tv_usec = rest.count()};
}

class EventWatch : public Watch {
 public:
  EventWatch(event_base* base, int descriptor_or_signal, int what, const timeval* period,
             std::function<void()> call)
      : call_(std::make_shared<std::function<void()>>(std::move(call))),
        event_(event_new(base, descriptor_or_signal, static_cast<short>(what), &happened, this)) {
    require(event_ != nullptr, "event_new");
    require(event_add(event_.get(), period) == 0, "event_add");
  }

 private:
  static void happened(int, short, void* self) noexcept {
    const auto call = static_cast<EventWatch*>(self)->call_;  // survives the watch
    (*call)();
  }

  struct EventDeleter {
    void operator()(event* e) const { event_free(e); }
  };

  std::shared_ptr<std::function<void()>> call_;
  std::unique_ptr<event, EventDeleter> event_;
};

}  // namespace

class Loop::Implementation {
 public:
  Implementation()
      : base_(make_base()),
        mail_(base(), mailbox_.descriptor(), EV_READ | EV_PERSIST, nullptr,
              [this] { mailbox_.deliver(stopped_); }) {}

  event_base* base() { return base_.get(); }
  Mailbox& mailbox() { return mailbox_; }

  void run() {
    event_base_loop(base(), EVLOOP_NO_EXIT_ON_EMPTY);
    mailbox_.close();
  }

  void stop() {
    stopped_ = true;
    event_base_loopbreak(base());
  }

 private:
  Base base_;
  Mailbox mailbox_;
  bool stopped_ = false;
  EventWatch mail_;
};

Loop::Loop() : implementation_(std::make_unique<Implementation>()) {}
Loop::~Loop() = default;

void Loop::run() { implementation_->run(); }

void Loop::stop() {
  post([this] { implementation_->stop(); });
}

void Loop::post(std::function<void()> task) { implementation_->mailbox().post(std::move(task)); }

std::unique_ptr<Watch> Loop::watch_signal(int number, std::function<void()> received) {
  return std::make_unique<EventWatch>(implementation_->base(), number, EV_SIGNAL | EV_PERSIST,
                                      nullptr, std::move(received));
}

std::unique_ptr<Watch> Loop::watch_readable(int descriptor, std::function<void()> ready) {
  return std::make_unique<EventWatch>(implementation_->base(), descriptor, EV_READ | EV_PERSIST,
                                      nullptr, std::move(ready));
}

std::unique_ptr<Watch> Loop::after(std::chrono::milliseconds delay, std::function<void()> due) {
  const timeval time = to_timeval(delay);
  return std::make_unique<EventWatch>(implementation_->base(), -1, 0, &time, std::move(due));
}

std::unique_ptr<Watch> Loop::every(std::chrono::milliseconds period, std::function<void()> due) {
  const timeval time = to_timeval(period);
  return std::make_unique<EventWatch>(implementation_->base(), -1, EV_PERSIST, &time,
                                      std::move(due));
}

std::unique_ptr<Signal> Loop::make_signal(std::function<void()> raised) {
  return implementation_->mailbox().make_signal(std::move(raised));
}

}  // namespace hpvmnet
