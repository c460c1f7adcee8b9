#include "uplink/uplink_port.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "uplink/interface_address.h"
#include "uplink/open_wire.h"
#include "uplink/promiscuity.h"

namespace hpvmnet::uplink {
namespace {

constexpr std::chrono::milliseconds kRetryPeriod{250};
// How long the interface stays promiscuous without company: a port whose rings are changed stops
// for a moment, and a guest can have that happen again and again.
constexpr std::chrono::milliseconds kFarewell{250};

bool is_group(const Frame& frame) noexcept {
  return (frame.head[0] & std::byte{1}) != std::byte{0};
}

// Interfaces that are stacked upon another share its wire with stations of their own.
bool shares_wire(const host::Link& link) {
  constexpr std::array<std::string_view, 4> kKinds{"vlan", "macvlan", "macvtap", "ipvlan"};
  return std::ranges::find(kKinds, link.kind) != kKinds.end();
}

}  // namespace

Result<std::unique_ptr<Port>> UplinkPort::open(const PortSpec& spec, PortHost& host) {
  std::unique_ptr<UplinkPort> port(new UplinkPort(spec, host));
  auto links = host::Links::watch(host.loop(), [self = port.get()] { self->look(); });
  if (!links) return tl::unexpected(links.error());
  port->links_ = *std::move(links);
  return port;
}

UplinkPort::UplinkPort(const PortSpec& spec, PortHost& host)
    : host_(host), name_(spec.endpoint), mode_(spec.mode) {}

UplinkPort::~UplinkPort() = default;

// An interface that was renamed is still the one, where no other has its name now.
const host::Link* UplinkPort::find_interface() const {
  const host::Link* named = links_->find(name_);
  return named != nullptr ? named : links_->find(last_index_);
}

void UplinkPort::look() {
  if (!links_ || !links_->known()) return;
  const host::Link* link = find_interface();
  if (link == nullptr) {
    detach();
    wait(fmt::format("there is no interface {}; the vswitch waits for it", name_));
  } else if (!link->up) {
    detach();
    wait(fmt::format("interface {0} is down; 'ip link set {0} up' brings it up", link->name));
  } else {
    follow(*link);
  }
}

void UplinkPort::follow(const host::Link& link) {
  const bool same = link.index == index_ && link.mtu == mtu_;
  if (!same) {
    detach();
    attach(link);
  }
  if (index_ == 0) return;
  update_promiscuity();
  describe(link);
}

void UplinkPort::attach(const host::Link& link) {
  auto wire = open_wire(mode_, link);
  if (!wire) return wait(wire.error().text);
  auto host_side = HostSide::open(link.index);
  if (!host_side) return wait(host_side.error().text);
  wire_ = std::move(wire->wire);
  remark_ = std::move(wire->remark);
  host_side_ = *std::move(host_side);
  index_ = last_index_ = link.index;
  mtu_ = link.mtu;
  set_host_addresses(link, [] {});  // no worker is here
  std::vector<int> wakes(wire_->wake_descriptors().begin(), wire_->wake_descriptors().end());
  wire_queues_ = static_cast<QueueId>(wakes.size());
  wakes.push_back(host_side_->queue().wake_descriptor());
  host_.start_queues(wakes);
  host_.set_peer(true);
  host_.log().info("joined to interface {} ({})", link.name, wire_->mode());
}

void UplinkPort::detach() {
  if (index_ == 0) return;
  host_.stop_queues();
  host_.set_peer(false);
  farewell_.reset();
  promiscuity_.reset();
  company_ = false;
  host_side_.reset();
  wire_.reset();
  index_ = 0;
}

void UplinkPort::wait(std::string why) {
  try_again(why);
  host_.set_condition(
      {.mode = {}, .remark = std::move(why), .mac = {}, .ipv4_address = {}, .link = false});
}

// With the next message of the kernel, or in a moment: not all that may help is announced, such as
// the end of an AF_XDP socket, which the kernel sees to later.
void UplinkPort::try_again(const std::string& problem) {
  if (last_problem_ != problem) host_.log().warning("{}", problem);
  last_problem_ = problem;
  if (!retry_) retry_ = host_.loop().every(kRetryPeriod, [this] { look(); });
}

void UplinkPort::set_company(bool present) {
  company_ = present;
  farewell_.reset();
  if (present) {
    update_promiscuity();
    if (const host::Link* link = links_->find(index_)) describe(*link);
  } else if (promiscuity_) {
    farewell_ = host_.loop().after(kFarewell, [this] { promiscuity_.reset(); });
  }
}

// The addresses of guests are not known in advance. Where it fails, look() tries again.
void UplinkPort::update_promiscuity() {
  if (company_ && !promiscuity_) {
    auto promiscuity = make_promiscuous(index_);
    if (!promiscuity) return try_again(promiscuity.error().text);
    promiscuity_ = *std::move(promiscuity);
  }
  retry_.reset();
  last_problem_.clear();
}

void UplinkPort::describe(const host::Link& link) {
  set_host_addresses(link, [this] { host_.synchronize(); });
  PortCondition condition{.mode = wire_->mode(),
                          .remark = remark_,
                          .mac = link.mac,
                          .ipv4_address = ipv4_address_of(link.name),
                          .link = link.carrier};
  if (!link.carrier) condition.remark = "the interface has no link";
  if (link.name != name_) {
    condition.remark = fmt::format(
        "interface {} is called {} now; 'hpvmnet -C -n {}' has it found again after a restart",
        name_, link.name, link.name);
  }
  if (!last_problem_.empty()) condition.remark = last_problem_;
  host_.set_condition(std::move(condition));
}

void UplinkPort::set_host_addresses(const host::Link& link, const std::function<void()>& wait) {
  const HostAddresses::List addresses = addresses_of(link);
  wire_->set_host_addresses(addresses);
  host_addresses_.set(addresses, wait);
}

HostAddresses::List UplinkPort::addresses_of(const host::Link& link) const {
  HostAddresses::List list{link.mac.value()};
  for (const auto& [index, other] : links_->all()) {
    if (other.lower == link.index && shares_wire(other)) list.push_back(other.mac.value());
  }
  return list;
}

void UplinkPort::receive(QueueId queue, Burst& burst, Tally& tally) noexcept {
  if (is_host_queue(queue)) {
    host_side_->queue().receive(burst, tally);
  } else {
    wire_->receive(queue, burst, tally);
  }
}

void UplinkPort::release(QueueId queue) noexcept {
  if (!is_host_queue(queue)) wire_->release(queue);
}

Wait UplinkPort::park(QueueId queue) noexcept {
  return is_host_queue(queue) ? host_side_->queue().park() : wire_->park(queue);
}

OffloadSet UplinkPort::offloads() const noexcept {
  return wire_ ? static_cast<OffloadSet>(wire_->offloads() & host::Tap::kOffloads) : OffloadSet{0};
}

// To the host what is for its addresses, to both what is for a group, the rest to the network.
void UplinkPort::send(std::span<const Frame* const> frames, Tally& tally) noexcept {
  std::array<const Frame*, Burst::kCapacity> to_wire;
  std::array<const Frame*, Burst::kCapacity> to_host;
  std::size_t wire_count = 0;
  std::size_t host_count = 0;
  for (const Frame* frame : frames) {
    const bool group = is_group(*frame);
    const bool own = !group && host_addresses_.contain(*frame);
    if (!own) to_wire[wire_count++] = frame;
    if (own || group) to_host[host_count++] = frame;
  }
  if (wire_count > 0) wire_->send(std::span(to_wire).first(wire_count), tally);
  if (host_count > 0) host_side_->queue().send(std::span(to_host).first(host_count), tally);
}

}  // namespace hpvmnet::uplink
