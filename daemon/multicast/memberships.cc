#include "multicast/memberships.h"

#include <algorithm>
#include <utility>

#include "multicast/write_query.h"
#include "switch/group_address.h"

namespace hpvmnet::multicast {
namespace {

using namespace std::chrono_literals;

// RFC 3376, clause 8, and RFC 3810, clause 9, say the same.
constexpr std::chrono::milliseconds kResponse = 10s;
constexpr std::chrono::milliseconds kMembership = kRobustness * kQueryInterval + kResponse;
constexpr std::chrono::milliseconds kOtherQuerier = kRobustness * kQueryInterval + kResponse / 2;
constexpr std::chrono::milliseconds kLastMember = 1s;  // until hosts answer, and the next query
constexpr std::chrono::milliseconds kLeave = kRobustness * kLastMember;

// Who has just come is asked in a hurry; then all who are in groups have said so.
constexpr std::chrono::milliseconds kFirstResponse = 1s;
constexpr std::chrono::milliseconds kSettling = kRobustness * kFirstResponse + 500ms;

bool forget_old(std::map<Memberships::Port, Memberships::Time>& until, Memberships::Time now) {
  return std::erase_if(until, [&](const auto& entry) { return entry.second <= now; }) > 0;
}

}  // namespace

void Memberships::set_policy(MulticastPolicy policy) {
  if (std::exchange(policy_, policy) == policy) return;
  changed_ = true;
  if (policy != MulticastPolicy::flood) return;
  domains_.clear();
  open_.clear();
  groups_of_.clear();
  group_count_ = 0;
}

void Memberships::begin_port(Port port, Domain domain, Time now) {
  if (port == uplink_) return;
  ports_[port] = domain;
  if (policy_ == MulticastPolicy::flood) return;
  give_all(port, now + kSettling);
  if (DomainState* const known = find(domain)) ask_in_a_hurry(*known, now);
}

void Memberships::end_port(Port port) {
  if (ports_.erase(port) == 0) return;
  open_.erase(port);
  changed_ = true;
  for (auto& [number, domain] : domains_) {
    domain.routers.erase(port);
    end_memberships(domain, [&](const auto& member) { return member.first == port; });
  }
  groups_of_.erase(port);
}

void Memberships::note(const Message& message, Port port, Domain domain, Time now) {
  if (policy_ == MulticastPolicy::flood) return;
  std::visit([&](const auto& said) { hear(said, port, domain, now); }, message);
}

void Memberships::hear(const Query& query, Port port, Domain number, Time now) {
  if (!query.querier.is_unspecified()) {
    DomainState& domain = begin_domain(number, now);
    domain.families[query.ipv6].other_querier = now + kOtherQuerier;
    add_router(port, domain, now);
  }
  DomainState* const domain = find(number);
  if (domain == nullptr || !query.group || query.suppress) return;
  const auto group = domain->groups.find(*query.group);
  if (group == domain->groups.end()) return;
  const Time answered = now + std::max(kLeave, kRobustness * query.response);
  for (auto& [member, until] : group->second.members) until = std::min(until, answered);
}

// What everybody gets anyhow is nothing to know of a domain, nor that somebody does not want
// something.
void Memberships::hear(const Report& report, Port port, Domain number, Time now) {
  if (port == uplink_) return;
  for (const auto& [group, wanted] : report.changes) {
    if (is_for_all_hosts(group.mac())) continue;
    if (wanted) {
      join(group, port, begin_domain(number, now), now);
    } else if (DomainState* const domain = find(number)) {
      leave(group, port, *domain, now);
    }
  }
}

void Memberships::hear(const RouterHello& /*hello*/, Port port, Domain number, Time now) {
  add_router(port, begin_domain(number, now), now);
}

Memberships::DomainState* Memberships::find(Domain domain) {
  const auto found = domains_.find(domain);
  return found == domains_.end() ? nullptr : &found->second;
}

// Its hosts are asked at once, with the next advance().
Memberships::DomainState& Memberships::begin_domain(Domain domain, Time now) {
  const auto [state, is_new] = domains_.try_emplace(domain);
  if (is_new) {
    state->second.settles = now + kSettling;
    ask_in_a_hurry(state->second, now);
  }
  return state->second;
}

void Memberships::ask_in_a_hurry(DomainState& domain, Time now) {
  for (Family& family : domain.families) family.asked = {kRobustness, now};
}

void Memberships::join(const IpAddress& group, Port port, DomainState& domain, Time now) {
  if (!has_room(domain, group, port)) return give_all(port, now + kMembership);
  const auto [state, is_new] = domain.groups.try_emplace(group);
  if (is_new) ++group_count_;
  if (!state->second.members.insert_or_assign(port, now + kMembership).second) return;
  ++groups_of_[port];
  changed_ = true;
}

// There may be others behind the port. Who asks them is the querier's business.
void Memberships::leave(const IpAddress& group, Port port, DomainState& domain, Time now) {
  const auto state = domain.groups.find(group);
  if (state == domain.groups.end() || !state->second.members.contains(port)) return;
  if (domain.families[!group.is_ipv4()].other_querier > now) return;
  Time& until = state->second.members[port];
  until = std::min(until, now + kLeave);
  if (state->second.asked.left == 0) state->second.asked = {kRobustness, now};
}

void Memberships::add_router(Port port, DomainState& domain, Time now) {
  if (domain.routers.insert_or_assign(port, now + kOtherQuerier).second) changed_ = true;
}

bool Memberships::has_room(const DomainState& domain, const IpAddress& group, Port port) const {
  const auto state = domain.groups.find(group);
  const bool known = state != domain.groups.end();
  if (known && state->second.members.contains(port)) return true;
  const auto count = groups_of_.find(port);
  return (known || group_count_ < kGroups) &&
         (count == groups_of_.end() || count->second < kGroupsOfPort);
}

void Memberships::give_all(Port port, Time until) {
  const auto [entry, is_new] = open_.try_emplace(port, until);
  entry->second = std::max(entry->second, until);
  changed_ |= is_new;
}

std::vector<Memberships::Order> Memberships::advance(Time now) {
  std::vector<Order> orders;
  if (policy_ == MulticastPolicy::flood) return orders;
  changed_ |= forget_old(open_, now);
  const std::set<Domain> kept =
      policy_ == MulticastPolicy::strict ? domains_of_ports() : std::set<Domain>();
  for (const Domain domain : kept) begin_domain(domain, now);
  for (auto& [number, domain] : domains_) {
    forget(domain, now);
    if (!domain.settled && has_settled(domain, now)) domain.settled = changed_ = true;
    ask(number, domain, now, orders);
  }
  // Nothing is to be known there: without an entry it is the same.
  std::erase_if(domains_, [&](const auto& entry) {
    const auto& [number, domain] = entry;
    return domain.settled && domain.groups.empty() && domain.routers.empty() &&
           !kept.contains(number);
  });
  return orders;
}

// Everybody has been asked in a hurry, and has had time to answer.
bool Memberships::has_settled(const DomainState& domain, Time now) {
  return domain.settles <= now && std::ranges::all_of(domain.families, [&](const Family& family) {
           return family.asked.left == 0 || family.other_querier > now;
         });
}

std::set<Domain> Memberships::domains_of_ports() const {
  std::set<Domain> domains;
  for (const auto& [port, domain] : ports_) {
    if (domain <= kNoVlan) domains.insert(domain);
  }
  return domains;
}

void Memberships::forget(DomainState& domain, Time now) {
  changed_ |= forget_old(domain.routers, now);
  end_memberships(domain, [&](const auto& member) { return member.second <= now; });
}

template <class Ends>
void Memberships::end_memberships(DomainState& domain, Ends ends) {
  for (auto group = domain.groups.begin(); group != domain.groups.end();) {
    std::erase_if(group->second.members, [&](const auto& member) {
      if (!ends(member)) return false;
      --groups_of_[member.first];
      return changed_ = true;
    });
    if (!group->second.members.empty()) {
      ++group;
      continue;
    }
    group = domain.groups.erase(group);
    --group_count_;
  }
}

void Memberships::ask(Domain number, DomainState& domain, Time now, std::vector<Order>& orders) {
  for (const bool ipv6 : {false, true}) {
    auto& [asked, other_querier] = domain.families[ipv6];
    if (other_querier > now || asked.next > now || orders.size() >= kOrders) continue;
    const bool hurry = asked.left > 0;
    if (hurry) --asked.left;
    asked.next = now + (asked.left > 0 ? kFirstResponse : kQueryInterval);
    orders.push_back({{.ipv6 = ipv6, .response = hurry ? kFirstResponse : kResponse}, number});
  }
  for (auto& [address, group] : domain.groups) {
    if (group.asked.left == 0 || group.asked.next > now || orders.size() >= kOrders) continue;
    group.asked = {group.asked.left - 1, now + kLastMember};
    orders.push_back(
        {{.ipv6 = !address.is_ipv4(), .group = address, .response = kLastMember}, number});
  }
}

PortSet Memberships::receiving_all() const {
  PortSet ports;
  ports.add(uplink_);
  for (const auto& [port, until] : open_) ports.add(port);
  return ports;
}

std::shared_ptr<const GroupTable> Memberships::table(const MacTable& macs) {
  changed_ = false;
  if (policy_ == MulticastPolicy::flood) return nullptr;
  const PortSet all = receiving_all();
  PortSet inside = PortSet::all();
  inside.remove(uplink_);
  auto table = std::make_shared<GroupTable>(all, inside, policy_ == MulticastPolicy::strict);
  for (const auto& [number, domain] : domains_) {
    GroupTable::Routers routers{all, domain.settled};
    for (const auto& [port, until] : domain.routers) routers.ports.add(port);
    table->add_domain(number, routers);
    std::map<std::uint64_t, PortSet> receivers;  // several groups may share an Ethernet address
    for (const auto& [address, group] : domain.groups) {
      PortSet& ports = receivers.try_emplace(address.mac(), routers.ports).first->second;
      for (const auto& [port, until] : group.members) ports.add(port);
    }
    for (const auto& [mac, ports] : receivers) table->add_group(macs.key(mac, number), ports);
  }
  return table;
}

std::vector<Memberships::Group> Memberships::groups() const {
  std::vector<Group> all;
  for (const auto& [number, domain] : domains_) {
    for (const auto& [address, state] : domain.groups) {
      all.push_back({address, number, {}});
      for (const auto& [port, until] : state.members) all.back().ports.push_back(port);
    }
  }
  return all;
}

}  // namespace hpvmnet::multicast
