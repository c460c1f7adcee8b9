#include "control/live_port.h"

#include <utility>

namespace hpvmnet {

LivePort::LivePort(PortSpec spec, const PortVlans& vlans, std::size_t workers, EventLoop& loop,
                   PortQueues& queues, Log& log)
    : spec_(std::move(spec)),
      vlans_(vlans),
      loop_(loop),
      queues_(queues),
      log_(log, {spec_.vswitch, spec_.number}),
      workers_(workers),
      tallies_(std::make_unique<Tally[]>(workers)) {}

LivePort::~LivePort() {
  stop_queues();
  queues_.forget_stations(*this);
}

Status LivePort::open(Adaptor& adaptor) {
  auto port = adaptor.open(spec_, *this);
  if (!port) return tl::unexpected(port.error());
  port_ = std::move(*port);
  if (wanted_) start_queues(*std::exchange(wanted_, std::nullopt));
  return {};
}

void LivePort::set_peer(bool present) {
  peer_present_ = present;
  if (!present) queues_.forget_stations(*this);
}

void LivePort::start_queues(std::span<const int> wake_descriptors) {
  if (!port_) {
    wanted_.emplace(wake_descriptors.begin(), wake_descriptors.end());
    return;
  }
  const Status started = queues_.start(*this, wake_descriptors);
  if (!started) {
    log_.error("cannot forward frames: {}", started.error().text);
    return;
  }
  started_ = true;
}

void LivePort::stop_queues() {
  wanted_.reset();
  company_.reset();
  if (std::exchange(started_, false)) queues_.stop(*this);
}

void LivePort::set_company(bool present) {
  if (std::exchange(company_, present) != present) port_->set_company(present);
}

PortView LivePort::view() const noexcept {
  return {.port = port_.get(),
          .tallies = tallies_.get(),
          .number = static_cast<std::uint16_t>(spec_.number),
          .domain = blocked_ ? kBlocked : vlans_.untagged,
          .offloads = port_ ? port_->offloads() : OffloadSet{0}};
}

PortCounters LivePort::counters() const {
  PortCounters sum;
  for (std::size_t worker = 0; worker < workers_; ++worker) {
    const Tally& tally = tallies_[worker];
    sum.ingress_frames += tally.ingress_frames.get();
    sum.ingress_bytes += tally.ingress_bytes.get();
    sum.ingress_bursts += tally.ingress_bursts.get();
    sum.egress_frames += tally.egress_frames.get();
    sum.egress_bytes += tally.egress_bytes.get();
    sum.egress_bursts += tally.egress_bursts.get();
    for (std::size_t i = 0; i < kDropReasonCount; ++i) sum.drops[i] += tally.drops[i].get();
  }
  return sum;
}

}  // namespace hpvmnet
