#include "control/loop_guard.h"

#include <chrono>
#include <set>
#include <span>
#include <utility>

namespace hpvmnet {
namespace {

constexpr std::chrono::seconds kBlockTime{60};

}  // namespace

LoopGuard::LoopGuard(Parts parts)
    : parts_(std::move(parts)),
      arrived_(parts_.loop.make_signal([this] { look(); })),
      punt_(*arrived_) {}

LoopGuard::~LoopGuard() = default;

void LoopGuard::begin_period() {
  if (std::exchange(outside_, false) && !std::exchange(told_, true)) {
    parts_.log.warning("vswitch {}: the network behind its backing interface has a loop",
                       parts_.vswitch);
  }
  if (finder_.begin_period(parts_.macs.moves(), parts_.random())) {
    probe();
  } else {
    own_.reset();
    told_ = false;
  }
}

void LoopGuard::probe() {
  if (!own_) {
    auto port = std::make_unique<OwnPort>();
    sender_ = port.get();
    own_ = parts_.make_own_port();
    own_->adopt(std::move(port));
    const int wake = sender_->wake_descriptor();
    own_->start_queues({&wake, 1});
  }
  std::set<Domain> domains;
  for (const auto& [number, port] : parts_.started) {
    if (port->vlans().untagged <= kNoVlan) domains.insert(port->vlans().untagged);
  }
  for (const Domain domain : domains) sender_->post(finder_.probe(domain));
}

void LoopGuard::look() {
  while (const std::optional<Punt::Item> item = punt_.take()) {
    const std::span bytes(item->bytes.data(), item->length);
    if (item->port == kUplinkPort) {
      outside_ = true;  // a guest's port will tell, too, where the loop goes through that
    } else if (finder_.came_back(item->domain, bytes)) {
      outside_ = false;
      block(item->port);
    }
  }
}

void LoopGuard::block(PortNumber number) {
  const auto port = parts_.started.find(number);
  if (port == parts_.started.end()) return;
  port->second->log().warning("frames of the vswitch come back by it, a loop: blocked for {} s",
                              kBlockTime.count());
  parts_.set_blocked(*port->second, true);
  ends_[number] = parts_.loop.after(kBlockTime, [this, number] {
    const auto blocked = parts_.started.find(number);
    if (blocked != parts_.started.end()) parts_.set_blocked(*blocked->second, false);
    ends_.erase(number);
  });
}

}  // namespace hpvmnet
