#include "avio_lan/rings.h"

#include <utility>

#include <fmt/format.h>

namespace hpvmnet::avio_lan {

static_assert(EgressSpread::kCapacity == kQueuePairs);

std::string ring_name(std::uint32_t index) {
  return fmt::format("{} queue {}", is_receive_queue(index) ? "receive" : "transmit", index / 2);
}

Rings::Rings(PortHost& host, EventSignaller& signaller, int silent, std::function<void()> broken)
    : host_(host),
      silent_(silent),
      fault_(host.loop().make_signal(std::move(broken))),
      signaller_(signaller) {}

// A disabled receive queue gets nothing; a disabled transmit queue is emptied, so it is visited.
void Rings::resume() {
  spread_.clear();
  bool any = false;
  for (const auto& ring : egress_) {
    if (!ring) continue;
    any = true;
    if (ring->enabled()) spread_.add(*ring);
  }
  std::array<int, kQueuePairs> wake;
  QueueId queues = 0;
  for (const auto& ingress : ingress_) {
    if (!ingress) continue;
    any = true;
    wake[queues] = ingress->kick < 0 ? silent_ : ingress->kick;
    ingress_queues_[queues++] = ingress.get();
  }
  if (any) host_.start_queues(std::span(wake).first(queues));
}

void Rings::start(std::uint32_t index, const RingSetup& setup, int kick) {
  const std::uint32_t pair = index / 2;
  if (is_receive_queue(index)) {
    egress_[pair] = EgressRing::make(*fault_, interrupter_, setup);
  } else {
    ingress_[pair] =
        std::make_unique<Ingress>(Ingress{IngressRing::make(*fault_, interrupter_, setup), kick});
  }
}

std::uint16_t Rings::stop(std::uint32_t index) {
  const std::uint32_t pair = index / 2;
  if (is_receive_queue(index)) return std::exchange(egress_[pair], nullptr)->next_available();
  return std::exchange(ingress_[pair], nullptr)->ring->next_available();
}

void Rings::change_call(std::uint32_t index, int call) {
  const std::uint32_t pair = index / 2;
  if (is_receive_queue(index)) {
    egress_[pair]->set_call(call);
  } else {
    ingress_[pair]->ring->set_call(call);
  }
  host_.synchronize();
  if (call >= 0) signal(call);
}

bool Rings::running(std::uint32_t index) const noexcept {
  const std::uint32_t pair = index / 2;
  return is_receive_queue(index) ? egress_[pair] != nullptr : ingress_[pair] != nullptr;
}

bool Rings::broken(std::uint32_t index) const noexcept {
  const std::uint32_t pair = index / 2;
  return is_receive_queue(index) ? egress_[pair]->broken() : ingress_[pair]->ring->broken();
}

}  // namespace hpvmnet::avio_lan
