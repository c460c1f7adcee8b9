#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "base/domain.h"
#include "base/multicast_policy.h"
#include "multicast/message.h"
#include "switch/group_table.h"

namespace hpvmnet::multicast {

/// Who on a vswitch wants which multicast groups, learnt from what hosts and routers say to each
/// other (snooping, RFC 4541). Where no router asks, the vswitch does (RFC 3376, clause 6). Pure:
/// it is told the time, and what it would send is taken from it.
///
/// Bounded: a port that is in more groups than there is room for gets all groups.
class Memberships {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Port = std::uint16_t;

  static constexpr std::size_t kGroupsOfPort = 256;
  static constexpr std::size_t kGroups = 4096;
  /// That advance() yields at once; the others are due the next time.
  static constexpr std::size_t kOrders = 32;

  struct Order {
    Query query;
    Domain domain;
  };
  struct Group {
    IpAddress address;
    Domain domain;
    std::vector<Port> ports;
  };

  /// `uplink` leads to the network: it gets all groups, and is not asked.
  explicit Memberships(Port uplink) : uplink_(uplink) {}

  void set_policy(MulticastPolicy policy);

  /// A port with untagged frames of `domain` is attached. Whoever is behind it may be in groups
  /// already, so it gets all until it has had time to say so.
  void begin_port(Port port, Domain domain, Time now);
  void end_port(Port port);

  void note(const Message& message, Port port, Domain domain, Time now);

  /// Forgets what has not been said again for long; yields the queries that are due. To be called
  /// twice a second or so.
  std::vector<Order> advance(Time now);

  /// Whether table() would yield another one than it did last.
  bool changed() const { return changed_; }
  /// For workers; null: everybody gets all. `macs` makes the keys by which they look up.
  std::shared_ptr<const GroupTable> table(const MacTable& macs);

  /// In the order of domains and addresses.
  std::vector<Group> groups() const;

 private:
  struct Asked {  // of a group or of all
    unsigned left = 0;
    Time next{};
  };
  struct GroupState {
    std::map<Port, Time> members;  // until when
    Asked asked;
  };
  struct Family {
    Asked asked;
    Time other_querier{};  // until when there is one
  };
  struct DomainState {
    Time settles{};
    bool settled = false;
    std::array<Family, 2> families;
    std::map<Port, Time> routers;  // until when
    std::map<IpAddress, GroupState> groups;
  };

  void hear(const Query& query, Port port, Domain number, Time now);
  void hear(const Report& report, Port port, Domain number, Time now);
  void hear(const RouterHello& hello, Port port, Domain number, Time now);
  DomainState* find(Domain domain);
  DomainState& begin_domain(Domain domain, Time now);
  static void ask_in_a_hurry(DomainState& domain, Time now);
  void join(const IpAddress& group, Port port, DomainState& domain, Time now);
  static void leave(const IpAddress& group, Port port, DomainState& domain, Time now);
  void add_router(Port port, DomainState& domain, Time now);
  bool has_room(const DomainState& domain, const IpAddress& group, Port port) const;
  void give_all(Port port, Time until);
  void forget(DomainState& domain, Time now);
  /// Those of which ends(member) is true, and groups that have none left.
  template <class Ends>
  void end_memberships(DomainState& domain, Ends ends);
  static bool has_settled(const DomainState& domain, Time now);
  std::set<Domain> domains_of_ports() const;
  static void ask(Domain number, DomainState& domain, Time now, std::vector<Order>& orders);
  PortSet receiving_all() const;

  const Port uplink_;
  MulticastPolicy policy_ = MulticastPolicy::snoop;
  bool changed_ = true;
  std::map<Port, Domain> ports_;
  std::map<Port, Time> open_;  // ports that get all groups, until when
  std::map<Domain, DomainState> domains_;
  std::map<Port, std::size_t> groups_of_;
  std::size_t group_count_ = 0;
};

}  // namespace hpvmnet::multicast
