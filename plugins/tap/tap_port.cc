#include "tap/tap_port.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <net/if.h>

namespace hpvmnet::tap {
namespace {

constexpr std::chrono::seconds kRetryPeriod{1};

}  // namespace

std::string interface_name(const PortSpec& spec) {
  return spec.endpoint.empty() ? fmt::format("{}-{}", spec.vswitch, spec.number) : spec.endpoint;
}

Result<std::unique_ptr<Port>> TapPort::open(const PortSpec& spec, PortHost& host) {
  std::unique_ptr<TapPort> port(new TapPort(spec, host));
  if (Status made = port->make(); !made) return tl::unexpected(made.error());
  auto links = host::Links::watch(host.loop(), [self = port.get()] { self->look(); });
  if (!links) return tl::unexpected(links.error());
  port->links_ = *std::move(links);
  return port;
}

TapPort::TapPort(const PortSpec& spec, PortHost& host)
    : host_(host), spec_(spec), name_(interface_name(spec)) {}

TapPort::~TapPort() = default;

Status TapPort::make() {
  if (::if_nametoindex(name_.c_str()) != 0) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("there is an interface '{}' already; delete or rename it, or name "
                            "another with :ifname:NAME",
                            name_));
  }
  auto tap = host::Tap::make(name_, spec_.queue_pairs);
  if (!tap) return tl::unexpected(tap.error());
  if (spec_.mac) {
    if (Status set = host::set_interface_mac(name_, *spec_.mac); !set) return set;
  }
  tap_ = *std::move(tap);
  for (const Fd& queue : tap_.queues) {
    queues_.push_back(std::make_unique<host::TapQueue>(queue.get()));
  }
  return {};
}

void TapPort::look() {
  if (!links_ || !links_->known()) return;
  const host::Link* link = links_->find(tap_.index);
  // One that was moved to another network namespace does not tell whether it is up.
  const bool usable = link != nullptr ? link->up : tap_.exists();
  if (usable) {
    attach();
  } else if (link != nullptr) {
    detach("its interface is down");
  } else {
    make_anew();
  }
}

void TapPort::make_anew() {
  detach("its interface was deleted; it is made anew");
  queues_.clear();
  tap_ = {};
  if (make()) {
    retry_.reset();
  } else if (!retry_) {
    retry_ = host_.loop().every(kRetryPeriod, [this] { look(); });
  }
}

void TapPort::attach() {
  if (std::exchange(attached_, true)) return;
  std::vector<int> wakes;
  for (const auto& queue : queues_) wakes.push_back(queue->wake_descriptor());
  host_.start_queues(wakes);
  host_.set_peer(true);
  host_.log().info("interface {} is up", name_);
}

void TapPort::detach(const char* why) {
  if (!std::exchange(attached_, false)) return;
  host_.stop_queues();
  host_.set_peer(false);
  host_.log().info("{}", why);
}

}  // namespace hpvmnet::tap
