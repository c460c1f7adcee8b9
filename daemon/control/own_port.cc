#include "control/own_port.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <utility>

#include <sys/eventfd.h>

#include "frame/copy.h"

namespace hpvmnet {

OwnPort::OwnPort() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_) {
    std::perror("eventfd");
    std::abort();
  }
}

void OwnPort::post(std::vector<std::byte> frame) {
  {
    const std::lock_guard guard(lock_);
    if (count_ == kCapacity) return;
    frames_[count_++] = std::move(frame);
  }
  ::eventfd_write(wake_.get(), 1);
}

void OwnPort::receive(QueueId /*queue*/, Burst& burst, Tally& /*tally*/) noexcept {
  const std::lock_guard guard(lock_);
  for (; lent_ < count_; ++lent_) {
    const std::vector<std::byte>& bytes = frames_[lent_];
    Frame& frame = burst.next();
    const std::size_t head = std::min<std::size_t>(bytes.size(), Frame::kHeadCapacity);
    frame.offload = {};
    frame.buffer_count = 1;
    copy_short(frame.head.data(), bytes.data(), head);
    frame.set_contiguous(static_cast<std::uint32_t>(bytes.size()), bytes.data() + head);
    burst.push();
  }
}

// The vectors keep their memory: the control thread frees it with its next frame there.
void OwnPort::release(QueueId /*queue*/) noexcept {
  const std::lock_guard guard(lock_);
  for (std::size_t i = lent_; i < count_; ++i) frames_[i - lent_].swap(frames_[i]);
  count_ -= lent_;
  lent_ = 0;
}

Wait OwnPort::park(QueueId /*queue*/) noexcept {
  const std::lock_guard guard(lock_);
  return count_ > 0 ? Wait::nothing : Wait::input;
}

}  // namespace hpvmnet
