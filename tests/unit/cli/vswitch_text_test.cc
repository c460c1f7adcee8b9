#include "cli/vswitch_text.h"

#include <vector>

#include <gtest/gtest.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

v1::Vswitch vswitch(const std::string& text) { return message<v1::Vswitch>(text); }

std::string summary(const std::vector<v1::Vswitch>& vswitches) {
  std::vector<const v1::Vswitch*> rows;
  for (const v1::Vswitch& row : vswitches) rows.push_back(&row);
  return summary_text(rows);
}

TEST(VswitchText, Summary) {
  EXPECT_EQ(summary({vswitch("name: 'localnet' number: 1 state: STATE_UP"),
                     vswitch("name: 'vlan02' number: 2 state: STATE_DOWN")}),
            R"(Name     Number State   Mode      NamePPA  MAC Address    IP Address
======== ====== ======= ========= ======== ============== ===============
localnet      1 Up      Shared             N/A            N/A
vlan02        2 Down    Shared             N/A            N/A
)");
}

TEST(VswitchText, SummaryWithLongNames) {
  EXPECT_EQ(summary({vswitch("name: 'localnet' number: 1 state: STATE_UP"),
                     vswitch("name: 'backup_network_2' number: 12 state: STATE_UP")}),
            R"(Name             Number State   Mode      NamePPA  MAC Address    IP Address
================ ====== ======= ========= ======== ============== ===============
localnet              1 Up      Shared             N/A            N/A
backup_network_2     12 Up      Shared             N/A            N/A
)");
}

TEST(VswitchText, PortConfiguration) {
  const auto clan = vswitch(R"(
    ports { number: 1 state: STATE_ACTIVE adaptor: 'lan' reserved_by: 'oradev01'
            active_guest: 'oradev01' }
    ports { number: 5 state: STATE_ACTIVE adaptor: 'lan' vlan_id: 120 reserved_by: 'nfstest01'
            active_guest: 'nfstest01' })");
  EXPECT_EQ(port_configuration_text(clan.ports()),
            R"([Port Configuration Details]
Port    Port         Port     Untagged Number of    Active VM
Number  State        Adaptor  VLANID   Reserved VMs
======= ============ ======== ======== ============ ============
1       Active       lan      none     1            oradev01
5       Active       lan      120      1            nfstest01
)");
}

TEST(VswitchText, PortConfigurationInTheOtherStates) {
  const auto clan = vswitch(R"(
    ports { number: 0 state: STATE_RESERVED adaptor: 'avio_lan' vlan_id: 0
            reserved_by: 'a' reserved_by: 'b' }
    ports { number: 7 state: STATE_DOWN vlan_id: 4094 }
    ports { number: 511 state: STATE_ACTIVE adaptor: 'avio_lan' reserved_by: 'a_quite_long_name'
            active_guest: 'a_quite_long_name' })");
  EXPECT_EQ(port_configuration_text(clan.ports()),
            R"([Port Configuration Details]
Port    Port         Port     Untagged Number of    Active VM
Number  State        Adaptor  VLANID   Reserved VMs
======= ============ ======== ======== ============ =================
0       Reserved     avio_lan 0        2
7       Down                  4094     0
511     Active       avio_lan none     1            a_quite_long_name
)");
}

TEST(VswitchText, VswitchDetails) {
  EXPECT_EQ(
      vswitch_details_text(vswitch("name: 'clan1' number: 2 state: STATE_UP mac_address_count: 12 "
                                   "multicast: MULTICAST_SNOOP")),
      R"(Vswitch Name         : clan1
Number               : 2
State                : Up
Mode                 : Shared
NamePPA              :
MAC Address          : N/A
IP Address           : N/A
Max Number of Ports  : 512
Learnt MAC Addresses : 12
Multicast            : snoop
Filters              : none
)");
}

TEST(VswitchText, FiltersThatCannotBeUsedSayWhy) {
  const std::string text = vswitch_details_text(
      vswitch("name: 'clan1' filters { name: 'a' } "
              "filters { name: 'b' arguments: 'x,y' remark: 'no plugin provides it' }"));
  EXPECT_THAT(text, testing::HasSubstr("Filters              : a,b(x,y)\n"
                                       "Filter Remark        : b: no plugin provides it; every "
                                       "frame is dropped\n"));
}

TEST(VswitchText, MulticastGroups) {
  EXPECT_EQ(multicast_groups_text(vswitch(R"(
                multicast_groups { address: '239.1.2.3' ports: 1 ports: 12 }
                multicast_groups { address: 'ff0e::1234:5' vlan_id: 20 ports: 4 })")),
            R"([Multicast Groups]
VLANID   Multicast       Port
         Group           Numbers
======== =============== ============
none     239.1.2.3       1 12
20       ff0e::1234:5    4
)");
}

TEST(VswitchText, BackingInterface) {
  const auto prod = vswitch(R"(name: 'prod' number: 2 state: STATE_UP
    backing { interface: 'eth1' vlan_id: 20 mode_in_use: 'packet' remark: 'no link'
              mac_address: '02-00-00-00-00-0a' ipv4_address: '192.168.1.12' })");
  EXPECT_EQ(summary_text({{&prod}}),
            R"(Name     Number State   Mode      NamePPA  MAC Address    IP Address
======== ====== ======= ========= ======== ============== ===============
prod          2 Up      Shared    eth1     0x02000000000A 192.168.1.12
)");
  EXPECT_THAT(vswitch_details_text(prod), testing::HasSubstr(R"(
Backing VLAN         : 20
Backing Mode         : packet
Backing Remark       : no link
)"));
}

TEST(VswitchText, PortDetails) {
  const auto clan = vswitch(R"(name: 'vmlan4'
    ports { number: 2 state: STATE_ACTIVE adaptor: 'avio_lan' vlan_id: 20 reserved_by: 'vm1'
            reserved_by: 'vm2' active_guest: 'vm1' socket: '/run/hpvmnet/vswitch/vmlan4/2.sock'
            trunk: '30,40-49' rings: RINGS_PACKED workers: [ 0, 1 ] })");
  EXPECT_EQ(port_details_text(clan, clan.ports(0)),
            R"(Vswitch Name        : vmlan4
Max Number of Ports : 512
Port Number         : 2
Port State          : Active
Port Adaptor        : avio_lan
Active VM           : vm1
Untagged VlanId     : 20
Trunk VLANs         : 30,40-49
Reserved VMs        : vm1 vm2
Socket              : /run/hpvmnet/vswitch/vmlan4/2.sock
Endpoint            :
Queue Pairs         : 1
Rings               : packed
Workers             : 0 1
)");
}

TEST(VswitchText, PortDetailsWithAnEndpoint) {
  const auto clan = vswitch("name: 'v' ports { number: 2 adaptor: 'lan' endpoint: '/run/passt' }");
  EXPECT_THAT(port_details_text(clan, clan.ports(0)),
              testing::HasSubstr("Socket              :\nEndpoint            : /run/passt\n"));
}

const char* const kCounted = R"(
  ports { number: 1 active_guest: 'oradev01' adaptor: 'avio_lan'
          counters { ingress_frames: 1000 ingress_bytes: 64000 ingress_bursts: 100
                     egress_frames: 5 egress_bytes: 320 egress_bursts: 2
                     drops { reason: 'tagged' frames: 3
                             description: 'VLAN tag on a port that takes untagged frames' }
                     drops { reason: 'no_buffer' frames: 1234
                             description: 'receiver had no buffer free' } } }
  ports { number: 5 adaptor: 'lan' counters {} })";

TEST(VswitchText, Counters) {
  EXPECT_EQ(counters_text(vswitch(kCounted).ports(), false),
            R"([Port Statistics]
Port    Active VM        Ingress       Ingress      Egress        Egress Dropped
Number                    Frames         Bytes      Frames         Bytes  Frames
======= ============ =========== ============= =========== ============= =======
1       oradev01            1000         64000           5           320    1237
5                              0             0           0             0       0

[Dropped Frames]
Port        Dropped Reason           Description
Number       Frames
======= =========== ================ =============================================
1                 3 tagged           VLAN tag on a port that takes untagged frames
1              1234 no_buffer        receiver had no buffer free
)");
}

TEST(VswitchText, CountersWithBursts) {
  auto ports = vswitch(kCounted).ports();
  ports.Mutable(0)->mutable_counters()->clear_drops();
  EXPECT_EQ(counters_text(ports, true),
            R"([Port Statistics]
Port    Active VM        Ingress       Ingress      Egress        Egress Dropped Ingress  Egress
Number                    Frames         Bytes      Frames         Bytes  Frames   Burst   Burst
======= ============ =========== ============= =========== ============= ======= ======= =======
1       oradev01            1000         64000           5           320       0    10.0     2.5
5                              0             0           0             0       0       -       -
)");
}

}  // namespace
}  // namespace hpvmnet::cli
