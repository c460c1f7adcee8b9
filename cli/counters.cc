#include "cli/counters.h"

#include <algorithm>
#include <string>

namespace hpvmnet::cli {
namespace {

std::uint64_t frames_of(const v1::PortCounters& counters, const std::string& reason) {
  const auto found = std::ranges::find(counters.drops(), reason, &v1::DropCounter::reason);
  return found == counters.drops().end() ? 0 : found->frames();
}

// Only reasons that have occurred since.
void subtract_drops(const v1::PortCounters& cleared, v1::PortCounters& counters) {
  google::protobuf::RepeatedPtrField<v1::DropCounter> left;
  for (v1::DropCounter drop : counters.drops()) {
    drop.set_frames(drop.frames() - frames_of(cleared, drop.reason()));
    if (drop.frames() > 0) *left.Add() = std::move(drop);
  }
  counters.mutable_drops()->Swap(&left);
}

void subtract(const v1::PortCounters& cleared, v1::PortCounters& counters) {
  counters.set_ingress_frames(counters.ingress_frames() - cleared.ingress_frames());
  counters.set_ingress_bytes(counters.ingress_bytes() - cleared.ingress_bytes());
  counters.set_ingress_bursts(counters.ingress_bursts() - cleared.ingress_bursts());
  counters.set_egress_frames(counters.egress_frames() - cleared.egress_frames());
  counters.set_egress_bytes(counters.egress_bytes() - cleared.egress_bytes());
  counters.set_egress_bursts(counters.egress_bursts() - cleared.egress_bursts());
  subtract_drops(cleared, counters);
}

}  // namespace

v1::Vswitch since_cleared(v1::Vswitch vswitch) {
  for (v1::Port& port : *vswitch.mutable_ports()) {
    if (port.has_cleared()) subtract(port.cleared(), *port.mutable_counters());
  }
  if (vswitch.backing().has_cleared()) {
    v1::Backing& backing = *vswitch.mutable_backing();
    subtract(backing.cleared(), *backing.mutable_counters());
  }
  return vswitch;
}

}  // namespace hpvmnet::cli
