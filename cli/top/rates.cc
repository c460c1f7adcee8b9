#include "cli/top/rates.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace hpvmnet::cli {
namespace {

using Reasons = std::map<std::string, std::uint64_t>;

// Counters that have fallen have begun anew.
std::uint64_t grown(std::uint64_t from, std::uint64_t to) { return to < from ? to : to - from; }

double each_second(std::uint64_t from, std::uint64_t to, double seconds) {
  return static_cast<double>(grown(from, to)) / seconds;
}

Reasons reasons_of(const v1::PortCounters& counters) {
  Reasons reasons;
  for (const v1::DropCounter& drop : counters.drops()) reasons[drop.reason()] = drop.frames();
  return reasons;
}

void set_drops(const v1::PortCounters& from, const v1::PortCounters& to, double seconds,
               PortRates& rates) {
  Reasons before = reasons_of(from);
  double most = 0;
  for (const auto& [reason, frames] : reasons_of(to)) {
    const double rate = each_second(before[reason], frames, seconds);
    rates.drops += rate;
    if (rate <= most) continue;
    most = rate;
    rates.reason = reason;
  }
}

PortRates rates_of(const std::string& vswitch, const v1::PortSample& from, const v1::PortSample& to,
                   double seconds) {
  const v1::PortCounters& before = from.counters();
  const v1::PortCounters& now = to.counters();
  PortRates rates;
  rates.vswitch = vswitch;
  rates.number = to.number();
  rates.guest = to.guest();
  rates.adaptor = to.adaptor();
  rates.active = to.active();
  rates.in_frames = each_second(before.ingress_frames(), now.ingress_frames(), seconds);
  rates.in_bits = 8 * each_second(before.ingress_bytes(), now.ingress_bytes(), seconds);
  rates.out_frames = each_second(before.egress_frames(), now.egress_frames(), seconds);
  rates.out_bits = 8 * each_second(before.egress_bytes(), now.egress_bytes(), seconds);
  const double bursts = each_second(before.ingress_bursts(), now.ingress_bursts(), seconds);
  if (bursts > 0) rates.burst = rates.in_frames / bursts;
  set_drops(before, now, seconds, rates);
  rates.workers.assign(to.workers().begin(), to.workers().end());
  std::ranges::sort(rates.workers);
  rates.workers.erase(std::unique(rates.workers.begin(), rates.workers.end()), rates.workers.end());
  return rates;
}

WorkerRates rates_of(int number, const v1::WorkerSample& from, const v1::WorkerSample& to) {
  WorkerRates rates{.name = fmt::format("worker {}", number)};
  if (to.has_cpu()) rates.name += fmt::format(" (cpu {})", to.cpu());
  const auto total = static_cast<double>(grown(from.total_ns(), to.total_ns()));
  const auto busy = static_cast<double>(grown(from.busy_ns(), to.busy_ns()));
  if (total > 0) rates.busy = std::min(1.0, busy / total);
  return rates;
}

}  // namespace

Rates rates_between(const v1::WatchCountersResponse& from, const v1::WatchCountersResponse& to) {
  std::map<std::pair<std::string, std::uint32_t>, const v1::PortSample*> before;
  for (const v1::VswitchSample& vswitch : from.vswitches()) {
    for (const v1::PortSample& port : vswitch.ports()) {
      before[{vswitch.name(), port.number()}] = &port;
    }
  }
  Rates rates;
  rates.seconds = std::max(1e-3, static_cast<double>(to.time_ns() - from.time_ns()) / 1e9);
  rates.skipped = to.skipped();
  rates.vswitches = static_cast<std::size_t>(to.vswitches_size());
  for (const v1::VswitchSample& vswitch : to.vswitches()) {
    for (const v1::PortSample& port : vswitch.ports()) {
      const auto found = before.find({vswitch.name(), port.number()});
      const v1::PortSample& was =
          found == before.end() ? v1::PortSample::default_instance() : *found->second;
      rates.ports.push_back(rates_of(vswitch.name(), was, port, rates.seconds));
    }
  }
  for (int i = 0; i < to.workers_size(); ++i) {
    rates.workers.push_back(rates_of(
        i, i < from.workers_size() ? from.workers(i) : v1::WorkerSample::default_instance(),
        to.workers(i)));
  }
  return rates;
}

}  // namespace hpvmnet::cli
