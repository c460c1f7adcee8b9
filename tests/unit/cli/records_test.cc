#include "cli/records.h"

#include <gtest/gtest.h>
#include <tinyxml2.h>

#include "cli/counters.h"
#include "cli/guest_records.h"
#include "cli/vswitch_records.h"
#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

v1::Vswitch prod() {
  return message<v1::Vswitch>(R"(name: 'prod' number: 2 state: STATE_UP mac_address_count: 3
    multicast: MULTICAST_SNOOP mirror { port: 7 ingress: true }
    filters { name: 'a' } filters { name: 'b' arguments: '1:2' }
    backing { interface: 'eth1' vlan_id: 20 mode_in_use: 'packet' remark: 'a:b\\c'
              mac_address: '02-00-00-00-00-0a' ipv4_address: '192.168.1.12' }
    ports { number: 1 state: STATE_ACTIVE adaptor: 'avio_lan' vlan_id: 20 reserved_by: 'vm1'
            reserved_by: 'vm2' active_guest: 'vm1' socket: '/run/x/1.sock' trunk: '30,40-49'
            rings: RINGS_PACKED queue_pairs: 2 workers: [ 0, 1 ]
            counters { ingress_frames: 1000 ingress_bytes: 64000 ingress_bursts: 100
                       egress_frames: 5 egress_bytes: 320 egress_bursts: 2
                       drops { reason: 'no_buffer' frames: 7 description: 'no buffer: full' }
                       drops { reason: 'tagged' frames: 3 description: 'tag' } }
            cleared { ingress_frames: 400 ingress_bytes: 400 drops { reason: 'tagged' frames: 3 }
                      drops { reason: 'no_buffer' frames: 2 } } }
    ports { number: 7 vlan_id: 4094 })");
}

TEST(MachineText, OfAVswitch) {
  EXPECT_EQ(
      machine_text({vswitch_record(prod())}),
      "vswitch:prod:2:Up:Shared:eth1:0x02000000000A:192.168.1.12:20:packet:a\\:b\\\\c:3:snoop:port "
      "7 gets copies of all (ingress):a,b(1\\:2)\n"
      "port:prod:1:Active:avio_lan:20:2:vm1:vm1,vm2:30,40-49:2:packed:no:/run/x/1.sock::0,1\n"
      "port:prod:7:Down::4094:0:::none:1:split:no:::\n");
}

TEST(MachineText, OfALocalVswitch) {
  EXPECT_EQ(machine_text({vswitch_record(message<v1::Vswitch>(
                "name: 'localnet' number: 1 state: STATE_DOWN multicast: MULTICAST_FLOOD"))}),
            "vswitch:localnet:1:Down:Shared::N/A:N/A::::0:flood::\n");
}

TEST(MachineText, OfCounters) {
  EXPECT_EQ(machine_text({counters_record(prod(), prod().ports())}),
            "counters:prod:1:vm1:1000:64000:100:5:320:2:10\n"
            "drop:prod:1:no_buffer:7:no buffer\\: full\n"
            "drop:prod:1:tagged:3:tag\n"
            "counters:prod:7::0:0:0:0:0:0:0\n");
}

TEST(MachineText, WritesControlCharactersAsNumbers) {
  EXPECT_EQ(machine_text({{"a", {{"n", "x\ny"}}, {{"f", "\x1b\x7f"}}, {}}}),
            "a:x\\x0ay:\\x1b\\x7f\n");
}

TEST(SinceCleared, CountersAreDifferencesAndOldReasonsAreGone) {
  const v1::Vswitch shown = since_cleared(prod());
  EXPECT_EQ(machine_text({counters_record(shown, shown.ports())}),
            "counters:prod:1:vm1:600:63600:100:5:320:2:5\n"
            "drop:prod:1:no_buffer:5:no buffer\\: full\n"
            "counters:prod:7::0:0:0:0:0:0:0\n");
}

TEST(XmlText, OfCounters) {
  v1::Vswitch one = prod();
  one.mutable_ports()->DeleteSubrange(1, 1);
  one.mutable_ports(0)->mutable_counters()->mutable_drops()->DeleteSubrange(1, 1);
  EXPECT_EQ(xml_text("hpvmnet", {counters_record(one, one.ports())}),
            R"(<?xml version="1.0"?>
<hpvmnet>
    <vswitch name="prod" number="2">
        <counters port="1">
            <active_guest>vm1</active_guest>
            <ingress_frames>1000</ingress_frames>
            <ingress_bytes>64000</ingress_bytes>
            <ingress_bursts>100</ingress_bursts>
            <egress_frames>5</egress_frames>
            <egress_bytes>320</egress_bytes>
            <egress_bursts>2</egress_bursts>
            <dropped_frames>7</dropped_frames>
            <drop reason="no_buffer">
                <frames>7</frames>
                <description>no buffer: full</description>
            </drop>
        </counters>
    </vswitch>
</hpvmnet>
)");
}

TEST(XmlText, IsWellFormedWhateverIsInIt) {
  const std::string nasty = "<a b=\"c\" d='e'>&amp;]]>\x01\n";
  const std::string text = xml_text("r", {{"k", {{"n", nasty}}, {{"f", nasty}}, {}}});
  tinyxml2::XMLDocument document;
  ASSERT_EQ(document.Parse(text.c_str()), tinyxml2::XML_SUCCESS) << text;
  const auto* element = document.FirstChildElement("r")->FirstChildElement("k");
  const std::string shown = "<a b=\"c\" d='e'>&amp;]]>??";
  EXPECT_EQ(element->Attribute("n"), shown);
  EXPECT_EQ(element->FirstChildElement("f")->GetText(), shown);
}

// The shape in which inventory agents look for guests: pman/virtual_machine, with vm_state.
TEST(XmlText, OfGuests) {
  GuestList guests;
  *guests.Add() = message<v1::Guest>(R"(name: 'web1' number: 12 state: STATE_ON
    vnics { adaptor: 'avio_lan' device: 1 mac_address: '2a-2e-5a-05-0a-ba' vswitch: 'sw' port: 5
            active: true })");
  EXPECT_EQ(xml_text("hpvm", {guests_record(guests)}),
            R"(<?xml version="1.0"?>
<hpvm>
    <pman>
        <virtual_machine name="web1" local_id="12">
            <vm_state>On</vm_state>
            <net_count>1</net_count>
            <network_interface bus="0" device="1" function="0">
                <adaptor>avio_lan</adaptor>
                <vswitch>sw</vswitch>
                <port>5</port>
                <mac_address>2a-2e-5a-05-0a-ba</mac_address>
                <active>yes</active>
                <endpoint/>
            </network_interface>
        </virtual_machine>
    </pman>
</hpvm>
)");
  EXPECT_EQ(machine_text({guests_record(guests)}),
            "virtual_machine:web1:12:On:1\n"
            "network_interface:web1:0:1:0:avio_lan:sw:5:2a-2e-5a-05-0a-ba:yes:\n");
}

}  // namespace
}  // namespace hpvmnet::cli
