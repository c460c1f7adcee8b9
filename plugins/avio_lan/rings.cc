#include "avio_lan/rings.h"

#include <array>
#include <utility>

namespace hpvmnet::avio_lan {

Rings::Rings(PortHost& host, int silent, std::function<void()> broken)
    : host_(host),
      silent_(silent),
      fault_(host.loop().make_signal(std::move(broken))),
      egress_(*fault_, interrupter_),
      ingress_(*fault_, interrupter_) {}

void Rings::resume() {
  if (ingress_.running()) {
    const std::array wake{polled_ ? silent_ : kick_};
    host_.start_queues(wake);
  } else if (egress_.running()) {
    host_.start_queues({});
  }
}

void Rings::start(std::uint32_t index, const RingSetup& setup, int kick) {
  if (index == kReceiveQueue) {
    egress_.start(setup);
    return;
  }
  kick_ = kick;
  polled_ = kick < 0;
  ingress_.start(setup);
}

std::uint16_t Rings::stop(std::uint32_t index) {
  return index == kReceiveQueue ? egress_.stop() : ingress_.stop();
}

void Rings::change_call(std::uint32_t index, int call) {
  if (index == kReceiveQueue) {
    egress_.set_call(call);
  } else {
    ingress_.set_call(call);
  }
  host_.synchronize();
  if (call >= 0) signal(call);
}

bool Rings::running(std::uint32_t index) const noexcept {
  return index == kReceiveQueue ? egress_.running() : ingress_.running();
}

bool Rings::broken(std::uint32_t index) const noexcept {
  return index == kReceiveQueue ? egress_.broken() : ingress_.broken();
}

}  // namespace hpvmnet::avio_lan
