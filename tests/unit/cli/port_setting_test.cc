#include "cli/commands/port_setting.h"

#include <gtest/gtest.h>

namespace hpvmnet::cli {
namespace {

std::optional<std::uint32_t> vlan_of(const std::string& text) {
  return std::get<PortSetting::Vlan>(parse_port_setting(text)->value).id;
}

TEST(PortSetting, VlanIsSetOrCleared) {
  EXPECT_EQ(parse_port_setting("portid:3:vlanid:120")->port, 3u);
  EXPECT_EQ(vlan_of("portid:3:vlanid:120"), 120u);
  EXPECT_EQ(parse_port_setting("portid:511:vlanid:4094")->port, 511u);
  EXPECT_EQ(vlan_of("portid:0:vlanid:0"), 0u);
  EXPECT_EQ(vlan_of("portid:1:vlanid:none"), std::nullopt);
}

TEST(PortSetting, NativeIsTheVlanOfUntaggedFrames) {
  EXPECT_EQ(vlan_of("portid:3:native:120"), 120u);
  EXPECT_EQ(vlan_of("portid:3:native:none"), std::nullopt);
}

TEST(PortSetting, TrunkIsSetOrCleared) {
  const auto vlans_of = [](const std::string& text) {
    return std::get<PortSetting::Trunk>(parse_port_setting(text)->value).vlans;
  };
  EXPECT_EQ(vlans_of("portid:3:trunk:10,20-29"), "10,20-29");
  EXPECT_EQ(vlans_of("portid:3:trunk:all"), "all");
  EXPECT_EQ(vlans_of("portid:3:trunk:none"), "");
}

TEST(PortSetting, QueuePairsAreSet) {
  const auto setting = parse_port_setting("portid:7:queues:16");
  EXPECT_EQ(setting->port, 7u);
  EXPECT_EQ(std::get<PortSetting::QueuePairs>(setting->value).count, 16u);
}

TEST(PortSetting, RingsAreSet) {
  const auto packed = [](const std::string& text) {
    return std::get<PortSetting::Rings>(parse_port_setting(text)->value).packed;
  };
  EXPECT_EQ(parse_port_setting("portid:7:rings:packed")->port, 7u);
  EXPECT_TRUE(packed("portid:7:rings:packed"));
  EXPECT_FALSE(packed("portid:7:rings:split"));
}

TEST(PortSetting, RefusalsSayWhereAndWhy) {
  const auto refusal = [](const std::string& text) {
    const auto setting = parse_port_setting(text);
    return setting ? "accepted" : setting.error().text;
  };
  EXPECT_EQ(refusal(""), ": column 1: expected 'portid', not ''");
  EXPECT_EQ(refusal("3:120"), "3:120: column 1: expected 'portid', not '3'");
  EXPECT_EQ(refusal("portid:512:vlanid:1"),
            "portid:512:vlanid:1: column 8: '512' is not a port id; 0 to 511");
  EXPECT_EQ(refusal("portid:x:vlanid:1"),
            "portid:x:vlanid:1: column 8: 'x' is not a port id; 0 to 511");
  EXPECT_EQ(
      refusal("portid:1"),
      "portid:1: column 9: expected 'vlanid', 'native', 'trunk', 'queues' or 'rings', not ''");
  EXPECT_EQ(refusal("portid:1:vlan:2"),
            "portid:1:vlan:2: column 10: expected 'vlanid', 'native', 'trunk', 'queues' or "
            "'rings', not 'vlan'");
  EXPECT_EQ(refusal("portid:1:vlanid:4095"),
            "portid:1:vlanid:4095: column 17: '4095' is not a VLAN id; 0 to 4094, or none");
  EXPECT_EQ(refusal("portid:1:vlanid:"),
            "portid:1:vlanid:: column 17: '' is not a VLAN id; 0 to 4094, or none");
  EXPECT_EQ(refusal("portid:1:trunk:"),
            "portid:1:trunk:: column 16: expected VLANs, as in 10,20-29, or all, or none");
  EXPECT_EQ(refusal("portid:1:queues:17"),
            "portid:1:queues:17: column 17: '17' is not a number of queue pairs; 1 to 16");
  EXPECT_EQ(refusal("portid:1:rings:Packed"),
            "portid:1:rings:Packed: column 16: 'Packed' is not a kind of rings; split or packed");
  EXPECT_EQ(refusal("portid:1:rings:split:packed"),
            "portid:1:rings:split:packed: column 22: nothing may follow 'split'");
  EXPECT_EQ(refusal("portid:1:vlanid:2:3"),
            "portid:1:vlanid:2:3: column 19: nothing may follow '2'");
}

}  // namespace
}  // namespace hpvmnet::cli
