#pragma once

#include <mutex>

#include "base/fd.h"

namespace hpvmnet::avio_lan {

/// Signals eventfds that are shared with a hostile process, and never blocks, whatever that process
/// does to them: write() blocks on a full eventfd whose owner has cleared O_NONBLOCK, and cannot be
/// asked not to. Costs several times as much as write() does, so it is for rare occasions and for
/// peers that have already shown what they are.
///
/// Takes its resources, a file descriptor and a context for asynchronous operations, at the first
/// use; giving them back takes tens of milliseconds. Where the system has none to give, nothing is
/// signalled. Any thread.
class EventSignaller {
 public:
  EventSignaller() = default;
  EventSignaller(const EventSignaller&) = delete;
  EventSignaller& operator=(const EventSignaller&) = delete;
  ~EventSignaller();

  void signal(int event) noexcept;

 private:
  void prepare() noexcept;

  std::once_flag prepared_;
  Fd readable_;                // an eventfd that always is
  unsigned long context_ = 0;  // the kernel's aio_context_t
};

}  // namespace hpvmnet::avio_lan
