#include <gtest/gtest.h>

#include "cli/commands/vswitch_change.h"

namespace hpvmnet::cli {
namespace {

TEST(PortVlan, IsSetOrCleared) {
  EXPECT_EQ(parse_port_vlan("portid:3:vlanid:120")->port, 3u);
  EXPECT_EQ(parse_port_vlan("portid:3:vlanid:120")->vlan, 120u);
  EXPECT_EQ(parse_port_vlan("portid:511:vlanid:4094")->port, 511u);
  EXPECT_EQ(parse_port_vlan("portid:0:vlanid:0")->vlan, 0u);
  EXPECT_EQ(parse_port_vlan("portid:1:vlanid:none")->vlan, std::nullopt);
}

TEST(PortVlan, RefusalsSayWhereAndWhy) {
  const auto refusal = [](const std::string& text) {
    const auto setting = parse_port_vlan(text);
    return setting ? "accepted" : setting.error().text;
  };
  EXPECT_EQ(refusal(""), ": column 1: expected 'portid', not ''");
  EXPECT_EQ(refusal("3:120"), "3:120: column 1: expected 'portid', not '3'");
  EXPECT_EQ(refusal("portid:512:vlanid:1"),
            "portid:512:vlanid:1: column 8: '512' is not a port id; 0 to 511");
  EXPECT_EQ(refusal("portid:x:vlanid:1"),
            "portid:x:vlanid:1: column 8: 'x' is not a port id; 0 to 511");
  EXPECT_EQ(refusal("portid:1"), "portid:1: column 9: expected 'vlanid', not ''");
  EXPECT_EQ(refusal("portid:1:vlan:2"),
            "portid:1:vlan:2: column 10: expected 'vlanid', not 'vlan'");
  EXPECT_EQ(refusal("portid:1:vlanid:4095"),
            "portid:1:vlanid:4095: column 17: '4095' is not a VLAN id; 0 to 4094, or none");
  EXPECT_EQ(refusal("portid:1:vlanid:"),
            "portid:1:vlanid:: column 17: '' is not a VLAN id; 0 to 4094, or none");
  EXPECT_EQ(refusal("portid:1:vlanid:2:3"),
            "portid:1:vlanid:2:3: column 19: nothing may follow the VLAN id");
}

}  // namespace
}  // namespace hpvmnet::cli
