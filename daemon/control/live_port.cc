#include "control/live_port.h"

#include <utility>

namespace hpvmnet {
namespace {

// How long a driver that is about to start anew, or changes its rings, may take for it.
constexpr std::chrono::milliseconds kSettlingTime{500};

}  // namespace

LivePort::LivePort(PortSpec spec, const PortVlans& vlans, std::size_t workers, EventLoop& loop,
                   PortQueues& queues, PortEvents& events, Log& log)
    : spec_(std::move(spec)),
      vlans_(vlans),
      loop_(loop),
      queues_(queues),
      events_(events),
      log_(log, {spec_.vswitch, spec_.number}),
      workers_(workers),
      tallies_(std::make_unique<Tally[]>(workers)) {}

LivePort::~LivePort() {
  stop_queues();
  tell_down();
  if (std::exchange(peer_present_, false)) events_.detached(spec_);
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
  const bool was_present = std::exchange(peer_present_, present);
  if (present) {
    if (!was_present) events_.attached(spec_);
    tell_up();
  } else {
    queues_.forget_stations(*this);
    tell_down();
    if (was_present) events_.detached(spec_);
  }
}

void LivePort::tell_up() {
  if (!peer_present_ || !started_) return;
  settling_.reset();
  if (!std::exchange(told_up_, true)) events_.up(spec_);
}

void LivePort::tell_down() {
  settling_.reset();
  if (std::exchange(told_up_, false)) events_.down(spec_);
}

void LivePort::set_blocked(bool blocked) {
  if (std::exchange(blocked_, blocked) == blocked) return;
  if (blocked) {
    events_.blocked(spec_);
  } else {
    events_.unblocked(spec_);
  }
}

void LivePort::set_condition(PortCondition condition) {
  condition_ = std::move(condition);
  const bool link = !condition_.mode.empty() && condition_.link;
  if (std::exchange(link_, link) == link) return;
  if (link) {
    events_.link_back(spec_, condition_.mode);
  } else {
    events_.link_lost(spec_, condition_.remark);
  }
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
  tell_up();
}

void LivePort::stop_queues() {
  wanted_.reset();
  company_.reset();
  if (!std::exchange(started_, false)) return;
  queues_.stop(*this);
  if (told_up_) settling_ = loop_.after(kSettlingTime, [this] { tell_down(); });
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
