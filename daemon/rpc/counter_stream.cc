#include "rpc/counter_stream.h"

#include <utility>

#include "rpc/convert.h"

namespace hpvmnet {
namespace {

constexpr std::chrono::milliseconds kDefaultInterval{1000};

void to_proto(const VswitchTraffic& from, v1::VswitchSample& to) {
  to.set_name(from.name);
  for (const PortTraffic& port : from.ports) {
    v1::PortSample& sample = *to.add_ports();
    sample.set_number(port.number);
    sample.set_guest(port.guest);
    sample.set_adaptor(port.adaptor);
    sample.set_active(port.active);
    for (const unsigned worker : port.workers) sample.add_workers(worker);
    hpvmnet::to_proto(port.counters, *sample.mutable_counters());
  }
}

void to_proto(const WorkerStatus& from, v1::WorkerSample& to) {
  if (from.cpu) to.set_cpu(*from.cpu);
  to.set_busy_ns(from.busy_ns);
  to.set_total_ns(from.total_ns);
}

}  // namespace

CounterStream::CounterStream(const v1::WatchCountersRequest& request, WatchStreamHost& host)
    : WatchStreamOf(host),
      interval_(request.interval_ms() == 0 ? kDefaultInterval
                                           : std::chrono::milliseconds(request.interval_ms())),
      vswitches_(request.vswitches().begin(), request.vswitches().end()) {}

void CounterStream::begin(const Commands& commands, EventLoop& loop) {
  timer_ = loop.every(interval_, [this, &commands] {
    due_ = true;
    look(commands);
  });
  look(commands);
}

bool CounterStream::prepare(const Commands& commands, v1::WatchCountersResponse& next) {
  if (!std::exchange(due_, false)) return false;  // a message was taken, which calls for no other
  next.Clear();
  next.set_time_ns(static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count()));
  next.set_skipped(std::exchange(skipped_, 0));
  for (const VswitchTraffic& vswitch : commands.traffic(vswitches_)) {
    to_proto(vswitch, *next.add_vswitches());
  }
  for (const WorkerStatus& worker : commands.workers()) to_proto(worker, *next.add_workers());
  return true;
}

}  // namespace hpvmnet
