#include "control/snooper.h"

#include <chrono>

#include "control/model.h"
#include "multicast/message.h"
#include "multicast/write_query.h"
#include "switch/own_frame.h"

namespace hpvmnet {
namespace {

std::chrono::steady_clock::time_point now() { return std::chrono::steady_clock::now(); }

std::uint16_t number_of(const LivePort& port) {
  return static_cast<std::uint16_t>(port.spec().number);
}

}  // namespace

Snooper::Snooper(const MacTable& macs, OwnStation& station)
    : macs_(macs), station_(station), memberships_(kUplinkPort) {}

void Snooper::begin_port(const LivePort& port) {
  if (number_of(port) >= kPortsPerVswitch) return;
  memberships_.begin_port(number_of(port), port.vlans().untagged, now());
}

void Snooper::end_port(const LivePort& port) { memberships_.end_port(number_of(port)); }

void Snooper::take(const Punt::Item& item) {
  if (item.source() == kOwnAddress) return;  // in a loop its own queries come back
  if (const auto message = multicast::read_message(item.bytes)) {
    memberships_.note(*message, item.port, item.domain, now());
  }
}

void Snooper::begin_period() {
  for (const auto& [query, domain] : memberships_.advance(now())) {
    station_.send(multicast::write_query(query, domain));
  }
}

std::shared_ptr<const GroupTable> Snooper::table() {
  if (memberships_.changed()) table_ = memberships_.table(macs_);
  return table_;
}

}  // namespace hpvmnet
