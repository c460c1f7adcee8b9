#include "control/watchdog.h"

#include <algorithm>
#include <utility>

namespace hpvmnet {
namespace {

// A worker that has lost its processor at one look is not given up yet.
constexpr int kLooks = 4;

std::chrono::milliseconds period_of(std::chrono::microseconds patience) {
  const auto period = std::chrono::duration_cast<std::chrono::milliseconds>(patience / kLooks);
  return std::max(period, std::chrono::milliseconds(1));
}

}  // namespace

Watchdog::Watchdog(EventLoop& loop, WorkerPool& workers, std::chrono::microseconds patience,
                   std::function<void()> alive)
    : workers_(workers),
      alive_(std::move(alive)),
      epoch_(workers.begin_epoch()),
      timer_(loop.every(period_of(patience), [this] { look(); })) {}

void Watchdog::look() {
  if (!workers_.all_have_passed(epoch_)) return;
  epoch_ = workers_.begin_epoch();
  alive_();
}

}  // namespace hpvmnet
