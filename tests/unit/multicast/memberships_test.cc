#include "multicast/memberships.h"

#include <gmock/gmock.h>

#include "unit/multicast/packets.h"

namespace hpvmnet::multicast {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Port = Memberships::Port;

constexpr Port kUplink = 512;
constexpr Domain kVlan = 20;

class MembershipsTest : public testing::Test {
 protected:
  void report(Port port, const std::string& group, bool wanted = true, Domain domain = kNoVlan) {
    memberships_.note(Report{{{ip(group), wanted}}}, port, domain, now_);
  }
  void query(Port port, const std::string& querier, std::optional<IpAddress> group = {},
             bool suppress = false) {
    memberships_.note(Query{.ipv6 = querier.find(':') != std::string::npos,
                            .querier = ip(querier),
                            .group = group,
                            .response = 1s,
                            .suppress = suppress},
                      port, kNoVlan, now_);
  }

  /// Lets time pass, in the steps in which it does.
  std::vector<Memberships::Order> pass(std::chrono::milliseconds time) {
    std::vector<Memberships::Order> orders;
    for (const auto end = now_ + time; now_ < end;) {
      now_ += 500ms;
      for (auto& order : memberships_.advance(now_)) orders.push_back(order);
    }
    return orders;
  }
  void settle() { pass(3s); }

  /// The ports below 8, and the uplink as 8, that get a group's frames; nothing: all do.
  std::optional<std::vector<int>> receivers(const std::string& group, Domain domain = kNoVlan) {
    const auto table = memberships_.table(macs_);
    if (!table) return std::nullopt;
    const PortSet* ports =
        table->receivers(macs_.key(ip(group).mac(), domain), table->routers(domain));
    return ports == nullptr ? std::nullopt : std::optional(listed(*ports));
  }
  std::vector<int> routers(Domain domain = kNoVlan) {
    return listed(memberships_.table(macs_)->routers(domain).ports);
  }
  static std::vector<int> listed(const PortSet& ports) {
    std::vector<int> list;
    for (Port port = 0; port < 8; ++port) {
      if (ports.contains(port)) list.push_back(port);
    }
    if (ports.contains(kUplink)) list.push_back(8);
    return list;
  }

  MacTable macs_{1};
  Memberships::Time now_{1000s};
  Memberships memberships_{kUplink};
};

TEST_F(MembershipsTest, GivesAGroupToThoseWhoAskedForItAndToTheNetwork) {
  report(1, "239.1.1.1");
  report(3, "239.1.1.1");
  report(2, "ff0e::1234:5");
  settle();
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(1, 3, 8));
  EXPECT_THAT(*receivers("ff0e::1234:5"), ElementsAre(2, 8));
  EXPECT_EQ(receivers("239.1.1.2"), std::nullopt) << "nobody has asked: everybody gets it";
  EXPECT_EQ(receivers("239.1.1.1", kVlan), std::nullopt) << "another VLAN";
}

TEST_F(MembershipsTest, WaitsUntilEverybodyHadTimeToAsk) {
  report(1, "239.1.1.1");
  pass(2s);
  EXPECT_EQ(receivers("239.1.1.1"), std::nullopt);
  pass(1s);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(1, 8));
}

TEST_F(MembershipsTest, KeepsGroupsOfOneEthernetAddressTogetherUntilTheLastIsLeft) {
  report(1, "239.1.1.1");
  report(2, "239.129.1.1");
  settle();
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(1, 2, 8));
  report(1, "239.1.1.1", false);
  pass(3s);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(2, 8));
}

TEST_F(MembershipsTest, ForgetsWhoDoesNotAnswer) {
  report(1, "239.1.1.1");
  report(2, "239.1.1.1");
  settle();
  pass(200s);
  report(2, "239.1.1.1");
  pass(100s);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(2, 8));
  pass(300s);
  EXPECT_EQ(receivers("239.1.1.1"), std::nullopt);
  EXPECT_THAT(memberships_.groups(), testing::IsEmpty());
}

TEST_F(MembershipsTest, AsksWhoIsLeftWhenSomebodyLeaves) {
  report(1, "239.1.1.1");
  settle();
  report(1, "239.1.1.1", false);
  const auto orders = pass(1500ms);
  ASSERT_EQ(orders.size(), 2u);
  for (const auto& order : orders) {
    EXPECT_EQ(order.query.group, ip("239.1.1.1"));
    EXPECT_EQ(order.query.response, 1s);
  }
  report(1, "239.1.1.1");  // another one behind the port
  pass(10s);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(1, 8));
}

TEST_F(MembershipsTest, AsksAtOnceThenNowAndThenWhileSomethingIsToBeKnown) {
  EXPECT_TRUE(pass(600s).empty()) << "nobody is in a group";
  report(1, "239.1.1.1", true, kVlan);
  const auto first = pass(10s);
  ASSERT_EQ(first.size(), 4u);  // both families, twice
  for (const auto& order : first) {
    EXPECT_EQ(order.domain, kVlan);
    EXPECT_EQ(order.query.group, std::nullopt);
    EXPECT_EQ(order.query.response, 1s);
  }
  EXPECT_TRUE(pass(110s).empty());
  const auto later = pass(10s);
  ASSERT_EQ(later.size(), 2u);
  EXPECT_EQ(later[0].query.response, 10s);
  EXPECT_NE(later[0].query.ipv6, later[1].query.ipv6);
}

TEST_F(MembershipsTest, LeavesAskingToARealQuerier) {
  query(kUplink, "10.0.0.1");
  report(1, "239.1.1.1");
  for (const auto& order : pass(250s)) EXPECT_TRUE(order.query.ipv6);
  report(1, "239.1.1.1");
  for (const auto& order : pass(130s)) {
    if (!order.query.ipv6) return;  // it has gone
  }
  FAIL() << "nobody asks any more";
}

TEST_F(MembershipsTest, LeavesLeavingToARealQuerier) {
  query(4, "10.0.0.1");
  report(1, "239.1.1.1");
  settle();
  report(1, "239.1.1.1", false);
  for (const auto& order : pass(10s)) EXPECT_FALSE(order.query.group);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(1, 4, 8));
  query(4, "10.0.0.1", ip("239.1.1.1"), true);
  pass(10s);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(1, 4, 8)) << "only a reminder";
  query(4, "10.0.0.1", ip("239.1.1.1"));
  pass(3s);
  EXPECT_EQ(receivers("239.1.1.1"), std::nullopt);
}

TEST_F(MembershipsTest, GivesRoutersAllGroups) {
  report(1, "239.1.1.1");
  query(2, "10.0.0.1");
  query(3, "0.0.0.0");  // a switch like this one
  memberships_.note(RouterHello{}, 4, kNoVlan, now_);
  settle();
  EXPECT_THAT(routers(), ElementsAre(2, 4, 8));
  EXPECT_THAT(routers(kVlan), ElementsAre(8));
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(1, 2, 4, 8));
  pass(260s);
  EXPECT_THAT(routers(), ElementsAre(8));
}

TEST_F(MembershipsTest, GivesAPortThatHasJustComeAllGroupsAndAsksIt) {
  report(1, "239.1.1.1");
  settle();
  memberships_.begin_port(5, kNoVlan, now_);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(1, 5, 8));
  EXPECT_EQ(pass(500ms).size(), 2u);
  settle();
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(1, 8));
}

TEST_F(MembershipsTest, ForgetsAPortThatGoes) {
  memberships_.begin_port(1, kNoVlan, now_);
  report(1, "239.1.1.1");
  report(2, "239.1.1.1");
  report(1, "239.1.1.7");
  settle();
  memberships_.end_port(1);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(2, 8));
  EXPECT_EQ(memberships_.groups().size(), 1u);
}

TEST_F(MembershipsTest, KeepsNothingOfWhatEverybodyGetsAnyhow) {
  report(1, "224.0.0.251");
  report(1, "ff02::1:ff00:1");
  report(1, "ff02::fb");
  report(kUplink, "239.1.1.1");
  EXPECT_TRUE(pass(10s).empty()) << "nor is anybody asked";
  EXPECT_THAT(memberships_.groups(), testing::IsEmpty());
}

TEST_F(MembershipsTest, AsksOfManyVlansFewAtOnceAndAllInTime) {
  for (Domain vlan = 1; vlan <= 200; ++vlan) report(1, "239.1.1.1", true, vlan);
  std::set<Domain> asked;
  for (int i = 0; i < 26; ++i) {
    const auto orders = pass(500ms);
    EXPECT_LE(orders.size(), Memberships::kOrders);
    for (const auto& order : orders) asked.insert(order.domain);
  }
  EXPECT_EQ(asked.size(), 200u);
}

TEST_F(MembershipsTest, StrictlyForgetsVlansThatAreNoPortsOwn) {
  memberships_.set_policy(MulticastPolicy::strict);
  memberships_.begin_port(1, kNoVlan, now_);
  report(1, "239.1.1.1", true, kVlan);
  pass(400s);
  EXPECT_EQ(receivers("239.1.1.1", kVlan), std::nullopt);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(8));
}

TEST_F(MembershipsTest, StrictlyGivesNobodyWhatNobodyHasAskedFor) {
  memberships_.set_policy(MulticastPolicy::strict);
  memberships_.begin_port(1, kNoVlan, now_);
  EXPECT_EQ(receivers("239.1.1.1"), std::nullopt) << "not yet settled";
  EXPECT_FALSE(pass(3s).empty()) << "it asks";
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(8));
  pass(600s);
  EXPECT_THAT(*receivers("239.1.1.1"), ElementsAre(8));
  EXPECT_EQ(receivers("239.1.1.1", kVlan), std::nullopt) << "a VLAN of which nothing is known";
}

TEST_F(MembershipsTest, FloodsWhereItIsToldSo) {
  report(1, "239.1.1.1");
  settle();
  memberships_.set_policy(MulticastPolicy::flood);
  EXPECT_EQ(memberships_.table(macs_), nullptr);
  report(1, "239.1.1.1");
  EXPECT_TRUE(pass(10s).empty());
  EXPECT_THAT(memberships_.groups(), testing::IsEmpty());
}

TEST_F(MembershipsTest, GivesAllGroupsToWhoIsInTooMany) {
  const auto group = [](unsigned number) {
    return "239." + std::to_string(1 + (number >> 16)) + "." + std::to_string(number >> 8 & 0xff) +
           "." + std::to_string(number & 0xff);
  };
  report(1, "239.9.9.9");
  for (unsigned i = 0; i <= Memberships::kGroupsOfPort; ++i) report(2, group(i));
  settle();
  EXPECT_EQ(memberships_.groups().size(), 1 + Memberships::kGroupsOfPort);
  EXPECT_THAT(*receivers("239.9.9.9"), ElementsAre(1, 2, 8));
  for (Port port = 100; port < 120; ++port) {
    for (unsigned i = 0; i < Memberships::kGroupsOfPort; ++i) report(port, group(port * 1000u + i));
  }
  EXPECT_EQ(memberships_.groups().size(), Memberships::kGroups);
  report(3, "239.8.8.8");
  EXPECT_THAT(*receivers("239.9.9.9"), ElementsAre(1, 2, 3, 8));
  report(1, "239.9.9.9");  // it is in already
  EXPECT_EQ(memberships_.groups().size(), Memberships::kGroups);
}

TEST_F(MembershipsTest, SaysWhenWorkersNeedAnotherTable) {
  memberships_.table(macs_);
  EXPECT_FALSE(memberships_.changed());
  report(1, "239.1.1.1");
  EXPECT_TRUE(memberships_.changed());
  memberships_.table(macs_);
  report(1, "239.1.1.1");
  EXPECT_FALSE(memberships_.changed());
  settle();
  EXPECT_TRUE(memberships_.changed());
}

TEST_F(MembershipsTest, ListsGroupsWithTheirPorts) {
  report(3, "239.1.1.1");
  report(1, "239.1.1.1");
  report(1, "ff0e::1234:5", true, kVlan);
  const auto groups = memberships_.groups();
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].domain, kVlan);
  EXPECT_EQ(groups[1].address, ip("239.1.1.1"));
  EXPECT_THAT(groups[1].ports, ElementsAre(1, 3));
}

}  // namespace
}  // namespace hpvmnet::multicast
