#include "unit/plugins/lan/fake_host.h"

#include <stdexcept>

namespace hpvmnet::test {

void FakeHost::start_queues(std::span<const int> wake_descriptors) {
  if (wakes) throw std::logic_error("the queues run already");
  wakes.emplace(wake_descriptors.begin(), wake_descriptors.end());
}

}  // namespace hpvmnet::test
