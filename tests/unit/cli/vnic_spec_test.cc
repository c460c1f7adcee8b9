#include "cli/vnic_spec.h"

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;

std::string text_of(const std::string& spec, ResourceUse use = ResourceUse::add) {
  const auto vnic = parse_vnic(spec, use);
  return vnic ? vnic->ShortDebugString() : vnic.error().text;
}

TEST(VnicSpec, ReadsKeysInAnyOrder) {
  EXPECT_EQ(text_of("vswitch=prod"), R"(adaptor: "avio_lan" vswitch: "prod")");
  EXPECT_EQ(
      text_of("port=3,adaptor=lan,mac=02:AA:bb:cc:dd:ee,vswitch=p,bus=1,device=2,endpoint=/x"),
      R"(adaptor: "lan" bus: 1 device: 2 mac_address: "02-aa-bb-cc-dd-ee" )"
      R"(vswitch: "p" port: 3 endpoint: "/x")");
  EXPECT_EQ(text_of("network:lan::vswitch:p"), R"(adaptor: "lan" vswitch: "p")");
  EXPECT_EQ(text_of("bus=0,device=1,endpoint=none", ResourceUse::find),
            R"(bus: 0 device: 1 endpoint: "")");
}

TEST(VnicSpec, ErrorsGiveTheColumn) {
  EXPECT_THAT(text_of("vswitch=p,prot=3"),
              HasSubstr("column 11: expected KEY=VALUE, not 'prot=3'"));
  EXPECT_THAT(text_of("vswitch=p,port=512"), HasSubstr("column 16: '512' is not a port; 0 to 511"));
  EXPECT_THAT(text_of("vswitch=p,mac=1"), HasSubstr("column 15: '1' is not a MAC address"));
  EXPECT_THAT(text_of("vswitch=p,vswitch=q"), HasSubstr("'vswitch' is given more than once"));
  EXPECT_THAT(text_of("port=1"), HasSubstr("names no vswitch"));
  EXPECT_THAT(text_of("vswitch="), HasSubstr("column 9: nothing follows 'vswitch='"));
  EXPECT_THAT(text_of(""), HasSubstr("expected KEY=VALUE"));
}

}  // namespace
}  // namespace hpvmnet::cli
