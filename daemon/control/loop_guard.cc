#include "control/loop_guard.h"

#include <chrono>
#include <set>
#include <utility>

#include "base/subject_log.h"
#include "switch/group_address.h"

namespace hpvmnet {
namespace {

constexpr std::chrono::seconds kBlockTime{60};

}  // namespace

LoopGuard::LoopGuard(Parts parts) : parts_(std::move(parts)) {}

LoopGuard::~LoopGuard() = default;

void LoopGuard::begin_period() {
  if (std::exchange(outside_, false) && !std::exchange(told_, true)) {
    SubjectLog(parts_.log, {parts_.vswitch, {}})
        .warning("the network behind its backing interface has a loop");
  }
  if (finder_.begin_period(parts_.macs.moves(), parts_.random())) {
    probe();
  } else {
    told_ = false;
  }
}

void LoopGuard::probe() {
  std::set<Domain> domains;
  for (const auto& [number, port] : parts_.started) {
    if (port->vlans().untagged <= kNoVlan) domains.insert(port->vlans().untagged);
  }
  for (const Domain domain : domains) parts_.station.send(finder_.probe(domain));
}

bool LoopGuard::take(const Punt::Item& item) {
  if (item.destination().value() != kProbeGroup) return false;
  if (item.port == kUplinkPort) {
    outside_ = true;  // a guest's port will tell, too, where the loop goes through that
  } else if (finder_.came_back(item.domain, item.bytes)) {
    outside_ = false;
    block(item.port);
  }
  return true;
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
