#include "avio_lan/ring/interrupter.h"

#include <cerrno>
#include <cstdint>

#include <unistd.h>

namespace hpvmnet::avio_lan {

void Interrupter::interrupt(int call) noexcept {
  if (!wary_.load(std::memory_order_relaxed)) {
    const std::uint64_t one = 1;
    if (::write(call, &one, sizeof one) >= 0 || errno != EINTR) return;
    wary_.store(true, std::memory_order_relaxed);
  }
  signaller_.signal(call);
}

}  // namespace hpvmnet::avio_lan
