#include "cli/guest_text.h"

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

v1::Guest oratest() {
  return message<v1::Guest>(R"(name: 'oratest01' number: 1 state: STATE_ON
    vnics { adaptor: 'lan' bus: 0 device: 0 mac_address: '56-e9-e3-09-6a-22' vswitch: 'vlan02'
            port: 8 active: true })");
}

v1::Guest two_vnics() {
  return message<v1::Guest>(R"(name: 'web1' number: 12
    state: STATE_OFF
    vnics { adaptor: 'avio_lan' bus: 0 device: 1 mac_address: '2a-2e-5a-05-0a-ba'
            vswitch: 'swlan1' port: 5 }
    vnics { adaptor: 'lan' bus: 1 device: 7 mac_address: '2a-87-14-5c-f9-ed'
            vswitch: 'backup_network' port: 511 })");
}

TEST(GuestText, Summary) {
  GuestList guests;
  *guests.Add() = oratest();
  *guests.Add() = two_vnics();
  EXPECT_EQ(summary_text(guests),
            R"([Virtual Machines]
Virtual Machine Name VM #  OS Type State     #VCPUs #Devs #Nets Memory  Runsysid
==================== ===== ======= ========= ====== ===== ===== ======= ========
oratest01                1 N/A     On (OS)      N/A     0     1     N/A      N/A
web1                    12 N/A     Off          N/A     0     2     N/A      N/A
)");
}

TEST(GuestText, SummaryOfNone) {
  EXPECT_EQ(summary_text(GuestList()), "No vPars or VMs currently configured\n");
}

TEST(GuestText, Details) {
  EXPECT_EQ(details_text(oratest()),
            R"([Virtual Machine Details]
Virtual Machine Name VM #  OS Type State
==================== ===== ======= =========
oratest01                1 N/A     On (OS)

[Network Interface Details]
Interface Adaptor    Name/Num   PortNum Bus Dev Ftn Mac Address
========= ========== ========== ======= === === === =================
vswitch   lan        vlan02     8         0   0   0 56-e9-e3-09-6a-22
)");
}

TEST(GuestText, DetailsWithLongNames) {
  EXPECT_EQ(details_text(two_vnics()),
            R"([Virtual Machine Details]
Virtual Machine Name VM #  OS Type State
==================== ===== ======= =========
web1                    12 N/A     Off

[Network Interface Details]
Interface Adaptor    Name/Num       PortNum Bus Dev Ftn Mac Address
========= ========== ============== ======= === === === =================
vswitch   avio_lan   swlan1         5         0   1   0 2a-2e-5a-05-0a-ba
vswitch   lan        backup_network 511       1   7   0 2a-87-14-5c-f9-ed
)");
}

TEST(GuestText, Verbose) {
  EXPECT_EQ(verbose_text(two_vnics()),
            R"([Virtual Machine Details]
Virtual Machine Name :web1
Virtual Machine ID :12
State :Off

[Network Interface Details]
Physical Storage type :vswitch
Guest Adaptor type :avio_lan
Backing :swlan1
Vswitch Port :5
Bus :0
Device :1
Function :0
Mac Address :2a-2e-5a-05-0a-ba

Physical Storage type :vswitch
Guest Adaptor type :lan
Backing :backup_network
Vswitch Port :511
Bus :1
Device :7
Function :0
Mac Address :2a-87-14-5c-f9-ed
)");
}

v1::Guest with_endpoint() {
  v1::Guest guest = two_vnics();
  guest.mutable_vnics(1)->set_endpoint("/run/passt.socket");
  return guest;
}

TEST(GuestText, DetailsWithAnEndpoint) {
  EXPECT_THAT(details_text(with_endpoint()), testing::EndsWith(
                                                 R"(
Interface Adaptor    Name/Num       PortNum Bus Dev Ftn Mac Address       Endpoint
========= ========== ============== ======= === === === ================= =================
vswitch   avio_lan   swlan1         5         0   1   0 2a-2e-5a-05-0a-ba
vswitch   lan        backup_network 511       1   7   0 2a-87-14-5c-f9-ed /run/passt.socket
)"));
}

TEST(GuestText, VerboseWithAnEndpoint) {
  const std::string text = verbose_text(with_endpoint());
  EXPECT_THAT(text, testing::HasSubstr("Mac Address :2a-2e-5a-05-0a-ba\n\n"));
  EXPECT_THAT(text, testing::EndsWith("2a-87-14-5c-f9-ed\nEndpoint :/run/passt.socket\n"));
}

TEST(GuestText, Devices) {
  EXPECT_EQ(devices_text(two_vnics()),
            R"([Virtual Machine Devices]

[Network Interface Details]
network:avio_lan:0,1,0x2A2E5A050ABA:vswitch:swlan1:portid:5
network:lan:1,7,0x2A87145CF9ED:vswitch:backup_network:portid:511
)");
}

}  // namespace
}  // namespace hpvmnet::cli
