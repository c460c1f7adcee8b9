#include "cli/resource.h"

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

std::string read(const std::string& text, ResourceUse use = ResourceUse::add) {
  const auto vnic = parse_resource(text, use);
  return vnic ? vnic->ShortDebugString() : vnic.error().text;
}

struct Form {
  const char* text;
  const char* vnic;
};

class Forms : public testing::TestWithParam<Form> {};

TEST_P(Forms, AreRead) {
  const auto vnic = parse_resource(GetParam().text, ResourceUse::add);
  ASSERT_TRUE(vnic) << vnic.error().text;
  EXPECT_THAT(&*vnic, Says(GetParam().vnic));
}

INSTANTIATE_TEST_SUITE_P(
    Network, Forms,
    testing::Values(
        Form{"network:lan:0,1,0xaabbcc001122:vswitch:clan1:portid:4",
             "adaptor: 'lan' bus: 0 device: 1 mac_address: 'aa-bb-cc-00-11-22' vswitch: 'clan1' "
             "port: 4"},
        Form{"network:avio_lan:0,1,aa-bb-cc-00-11-22:vswitch:clan1",
             "adaptor: 'avio_lan' bus: 0 device: 1 mac_address: 'aa-bb-cc-00-11-22' "
             "vswitch: 'clan1'"},
        Form{"network:avio_lan:0,2:vswitch:vlan2:portid:4",
             "adaptor: 'avio_lan' bus: 0 device: 2 vswitch: 'vlan2' port: 4"},
        Form{"network:lan:0,0,0x2A87145CF9ED:vswitch:localnet:portid:4",
             "adaptor: 'lan' bus: 0 device: 0 mac_address: '2a-87-14-5c-f9-ed' "
             "vswitch: 'localnet' port: 4"},
        Form{"network:lan:,,aa-bb-cc-00-11-22:vswitch:clan1",
             "adaptor: 'lan' mac_address: 'aa-bb-cc-00-11-22' vswitch: 'clan1'"},
        Form{"network:lan:,,0xAABBCC001122:vswitch:clan1",
             "adaptor: 'lan' mac_address: 'aa-bb-cc-00-11-22' vswitch: 'clan1'"},
        Form{"network:avio_lan::vswitch:sw", "adaptor: 'avio_lan' vswitch: 'sw'"},
        Form{"network:lan:vswitch:vlan02", "adaptor: 'lan' vswitch: 'vlan02'"},
        Form{"network:lan:vswitch:vlan02:portid:511", "adaptor: 'lan' vswitch: 'vlan02' port: 511"},
        Form{"network:aviolan::vswitch:sw:portid:0", "adaptor: 'avio_lan' vswitch: 'sw' port: 0"},
        Form{"network:lan:,,:vswitch:sw", "adaptor: 'lan' vswitch: 'sw'"},
        Form{"network:lan:7,7,:vswitch:sw", "adaptor: 'lan' bus: 7 device: 7 vswitch: 'sw'"},
        Form{"network:lan:3:vswitch:sw", "adaptor: 'lan' bus: 3 vswitch: 'sw'"},
        Form{"network:lan:,5:vswitch:sw", "adaptor: 'lan' device: 5 vswitch: 'sw'"},
        Form{"network:lan::vswitch:vswitch", "adaptor: 'lan' vswitch: 'vswitch'"},
        Form{"network:tap::vswitch:sw", "adaptor: 'tap' vswitch: 'sw'"},
        Form{"network:lan::vswitch:sw:connect:/run/passt_1.socket",
             "adaptor: 'lan' vswitch: 'sw' endpoint: '/run/passt_1.socket'"},
        Form{"network:lan::vswitch:sw:portid:3:connect:/a b",
             "adaptor: 'lan' vswitch: 'sw' port: 3 endpoint: '/a b'"},
        Form{"network:lan::vswitch:sw:connect:/a:portid:3",
             "adaptor: 'lan' vswitch: 'sw' port: 3 endpoint: '/a'"},
        Form{"network:lan::vswitch:sw:connect:none", "adaptor: 'lan' vswitch: 'sw' endpoint: ''"},
        Form{"network:tap::vswitch:sw:ifname:host0",
             "adaptor: 'tap' vswitch: 'sw' endpoint: 'host0'"},
        Form{"network:radio::vswitch:sw:endpoint:99.1",
             "adaptor: 'radio' vswitch: 'sw' endpoint: '99.1'"}));

TEST(Resource, ThatExistsMayEndAfterTheHardware) {
  EXPECT_THAT(read("network:lan:0,2", ResourceUse::find), "adaptor: \"lan\" bus: 0 device: 2");
  EXPECT_THAT(read("network:lan:,,0xaabbcc001122", ResourceUse::find),
              "adaptor: \"lan\" mac_address: \"aa-bb-cc-00-11-22\"");
  EXPECT_THAT(read("network:lan", ResourceUse::find), "adaptor: \"lan\"");
  EXPECT_THAT(read("network:lan:0,2:vswitch:a:portid:3", ResourceUse::find),
              "adaptor: \"lan\" bus: 0 device: 2 vswitch: \"a\" port: 3");
}

TEST(Resource, ThatIsNewNeedsAVswitch) {
  EXPECT_EQ(read("network:lan:0,2"),
            "network:lan:0,2: column 16: expected 'vswitch:' and its name");
  EXPECT_EQ(read("network:lan"), "network:lan: column 12: expected 'vswitch:' and its name");
}

class Malformed : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Malformed, SaysWhereAndWhy) {
  const auto& [text, error] = GetParam();
  const auto vnic = parse_resource(text, ResourceUse::add);
  ASSERT_FALSE(vnic);
  EXPECT_EQ(vnic.error().text, std::string(text) + ": " + error);
  EXPECT_EQ(vnic.error().kind, Error::Kind::usage);
}

INSTANTIATE_TEST_SUITE_P(
    Network, Malformed,
    testing::Values(
        std::pair{"", "column 1: a network resource begins with 'network:', not ''"},
        std::pair{"net:lan::vswitch:x",
                  "column 1: a network resource begins with 'network:', not 'net'"},
        std::pair{"disk:avio_stor::file:/x",
                  "column 1: 'disk' is a storage resource; a network resource begins with "
                  "'network:'"},
        std::pair{"network", "column 8: no adaptor; use avio_lan, lan or tap"},
        std::pair{"network:::vswitch:x", "column 9: no adaptor; use avio_lan, lan or tap"},
        std::pair{"network:l n::vswitch:x",
                  "column 9: 'l n' cannot be an adaptor; use avio_lan, lan or tap"},
        std::pair{"network:lan:8,0:vswitch:x", "column 13: '8' is not a bus; 0 to 7"},
        std::pair{"network:lan:0,9:vswitch:x", "column 15: '9' is not a device; 0 to 7"},
        std::pair{"network:lan:0,-1:vswitch:x", "column 15: '-1' is not a device; 0 to 7"},
        std::pair{"network:lan:99999999999,0:vswitch:x",
                  "column 13: '99999999999' is not a bus; 0 to 7"},
        std::pair{"network:lan:0,0,aa:bb:cc:00:11:22:vswitch:x",
                  "column 17: 'aa' is not a MAC address; write 0xaabbcc001122 or "
                  "aa-bb-cc-00-11-22"},
        std::pair{"network:lan:0,0,0xaabbcc001122,1:vswitch:x",
                  "column 32: too many values; the hardware part is [BUS],[DEVICE],[MAC]"},
        std::pair{"network:lan:0,0:localnet", "column 17: expected 'vswitch', not 'localnet'"},
        std::pair{"network:lan::", "column 14: expected 'vswitch:' and its name"},
        std::pair{"network:lan::vswitch", "column 21: no name of a vswitch; 'hpvmnet' lists them"},
        std::pair{"network:lan::vswitch:", "column 22: no name of a vswitch; 'hpvmnet' lists them"},
        std::pair{"network:lan::vswitch:a b", "column 22: 'a b' cannot be the name of a vswitch"},
        std::pair{"network:lan::vswitch:x:",
                  "column 24: expected 'portid', 'connect' or nothing, not ''"},
        std::pair{"network:lan::vswitch:x:port:3",
                  "column 24: expected 'portid', 'connect' or nothing, not 'port'"},
        std::pair{"network:lan::vswitch:x:portid",
                  "column 30: no port id; 0 to 511, or leave out ':portid:'"},
        std::pair{"network:lan::vswitch:x:portid:512",
                  "column 31: '512' is not a port id; 0 to 511"},
        std::pair{"network:lan::vswitch:x:portid:3:4",
                  "column 33: expected 'connect' or nothing, not '4'"},
        std::pair{"network:avio_lan::vswitch:x:connect:/a",
                  "column 29: expected 'portid' or nothing, not 'connect'"},
        std::pair{"network:avio_lan::vswitch:x:portid:3:4", "column 38: expected nothing, not '4'"},
        std::pair{"network:lan::vswitch:x:ifname:tap0",
                  "column 24: expected 'portid', 'connect' or nothing, not 'ifname'"},
        std::pair{"network:tap::vswitch:x:connect:/a",
                  "column 24: expected 'portid', 'ifname' or nothing, not 'connect'"},
        std::pair{"network:lan::vswitch:x:connect:/a:connect:/b",
                  "column 35: expected 'portid' or nothing, not 'connect'"},
        std::pair{"network:lan::vswitch:x:connect:",
                  "column 32: nothing follows 'connect'; write 'connect:none' for the default, or "
                  "leave it out"},
        std::pair{"network:lan::vswitch:x:connect",
                  "column 31: nothing follows 'connect'; write 'connect:none' for the default, or "
                  "leave it out"}));

class StorageForms : public testing::TestWithParam<const char*> {};

TEST_P(StorageForms, AreRefusedAsWhatTheyAre) {
  const std::string text = GetParam();
  const auto vnic = parse_resource(text, ResourceUse::add);
  ASSERT_FALSE(vnic);
  EXPECT_EQ(vnic.error().text,
            text + ": column 1: '" + text.substr(0, text.find(':')) +
                "' is a storage resource; a network resource begins with 'network:'");
}

INSTANTIATE_TEST_SUITE_P(
    Storage, StorageForms,
    testing::Values("disk:avio_stor::lv:/dev/vg01/rlvol1", "disk:scsi:0,0,0:disk:/dev/rdisk/disk7",
                    "disk:aviostor:0,2,22:file:/var/web1.img", "dvd:avio_stor:0,1,0:null:/dev/sr0",
                    "dvd:scsi::disk:/dev/rdisk/disk4", "tape:avio_stor::attach:/dev/rscsi/c3t1d0",
                    "changer:avio_stor::attach:/dev/rscsi/c3t2d0",
                    "burner:avio_stor::attach:/dev/rscsi/c3t3d0",
                    "hba:avio_stor:0,4,0x50014C2000000002,0x50014C2800000002:npiv:/dev/fcd0",
                    "hba:avio_stor::npiv:/dev/fcd1"));

TEST(Resource, OfOtherKindsAreNone) {
  for (const char* text : {"mem::1024", "cpu::2", "lan:dio:0,1,:hwpath:0/1/2"}) {
    const auto vnic = parse_resource(text, ResourceUse::add);
    ASSERT_FALSE(vnic) << text;
    EXPECT_THAT(vnic.error().text,
                testing::HasSubstr(": column 1: a network resource begins with 'network:', not"));
  }
}

TEST(Resource, OfAVnicIsInHpsForm) {
  const auto vnic = message<v1::Vnic>(
      "adaptor: 'lan' bus: 0 device: 0 mac_address: '2a-87-14-5c-f9-ed' vswitch: 'localnet' "
      "port: 4");
  EXPECT_EQ(to_resource(vnic), "network:lan:0,0,0x2A87145CF9ED:vswitch:localnet:portid:4");
}

TEST(Resource, OfAVnicMakesTheSameVnicAgain) {
  const char* const text =
      "adaptor: 'avio_lan' bus: 7 device: 3 mac_address: '02-00-00-0a-00-0b' vswitch: 'v.1_-' "
      "port: 511";
  const auto again = parse_resource(to_resource(message<v1::Vnic>(text)), ResourceUse::add);
  ASSERT_TRUE(again);
  EXPECT_THAT(&*again, Says(text));
}

TEST(Resource, OfAVnicHasItsEndpoint) {
  const auto resource = [](const char* vnic) {
    return to_resource(message<v1::Vnic>(std::string("vswitch: 'v' port: 4 ") + vnic));
  };
  EXPECT_EQ(resource("adaptor: 'lan' endpoint: '/x'"),
            "network:lan:0,0,:vswitch:v:portid:4:connect:/x");
  EXPECT_EQ(resource("adaptor: 'tap' endpoint: 'host0'"),
            "network:tap:0,0,:vswitch:v:portid:4:ifname:host0");
  EXPECT_EQ(resource("adaptor: 'radio' endpoint: '99.1'"),
            "network:radio:0,0,:vswitch:v:portid:4:endpoint:99.1");
}

}  // namespace
}  // namespace hpvmnet::cli
