#include "rpc/visits.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace hpvmnet {
namespace {

/// How far a visit is. It leaves `waiting` once, under the desk's lock, and whoever takes it from
/// there decides: the control thread that it runs, the caller that it never will.
enum class Stage : unsigned char {
  waiting,    ///< posted; the caller may still give up
  running,    ///< on the control thread; the caller must wait
  done,       ///< the caller may go on
  abandoned,  ///< the caller has gone; its stack must not be touched
};

}  // namespace

// Outlives the visits for as long as the loop holds visits that were abandoned.
struct Visits::Desk {
  std::mutex lock;
  std::condition_variable changed;
  bool closed = false;

  bool leave_waiting(Stage& stage, Stage to) {
    const std::lock_guard guard(lock);
    if (stage != Stage::waiting) return false;
    stage = to;
    return true;
  }
  void finish(Stage& stage) {
    {
      const std::lock_guard guard(lock);
      stage = Stage::done;
    }
    changed.notify_all();
  }
};

Visits::Visits(Loop& loop) : loop_(loop), desk_(std::make_shared<Desk>()) {}

Visits::~Visits() { close(); }

void Visits::close() {
  {
    const std::lock_guard guard(desk_->lock);
    desk_->closed = true;
  }
  desk_->changed.notify_all();
}

void Visits::post(std::function<void(EventLoop&)> work) {
  loop_.post([desk = desk_, work = std::move(work), &loop = loop_] {
    {
      const std::lock_guard guard(desk->lock);
      if (desk->closed) return;
    }
    work(loop);
  });
}

Status Visits::run(Deadline deadline, std::function<void()> work) {
  const auto stage = std::make_shared<Stage>(Stage::waiting);
  loop_.post([desk = desk_, stage, work = std::move(work)] {
    if (!desk->leave_waiting(*stage, Stage::running)) return;
    work();
    desk->finish(*stage);
  });

  std::unique_lock guard(desk_->lock);
  desk_->changed.wait_until(guard, deadline,
                            [&] { return *stage != Stage::waiting || desk_->closed; });
  if (*stage == Stage::waiting) {
    *stage = Stage::abandoned;
    if (desk_->closed) {
      return fail(ErrorCode::unavailable, "hpvmnetd is stopping; try again when it runs again");
    }
    return fail(ErrorCode::unavailable,
                "hpvmnetd is busy and did not begin within the time limit of the call; nothing has "
                "changed");
  }
  desk_->changed.wait(guard, [&] { return *stage == Stage::done; });
  return {};
}

}  // namespace hpvmnet
