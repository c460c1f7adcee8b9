#include "uplink/adaptor.h"

#include <gtest/gtest.h>

namespace hpvmnet::uplink {
namespace {

PortSpec spec(const std::string& interface, const std::string& mode) {
  PortSpec spec;
  spec.vswitch = "prod";
  spec.number = kUplinkNumber;
  spec.endpoint = interface;
  spec.mode = mode;
  return spec;
}

TEST(UplinkAdaptor, KnowsTheWaysToUseAnInterface) {
  const UplinkAdaptor adaptor;
  for (const char* mode : {"", "auto", "xdp", "xdp-generic", "packet"}) {
    EXPECT_TRUE(adaptor.check(spec("eth1", mode))) << mode;
  }
  const Status refused = adaptor.check(spec("eth1", "dpdk"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(refused.error().text,
            "'dpdk' is no way to use an interface; there are auto, xdp, xdp-generic and packet");
}

TEST(UplinkAdaptor, SaysWhereThereIsNoSuchInterface) {
  const UplinkAdaptor adaptor;
  EXPECT_TRUE(adaptor.check_system(spec("lo", "")));
  const Status refused = adaptor.check_system(spec("no-such-if", ""));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
  EXPECT_EQ(refused.error().text,
            "there is no interface 'no-such-if'; 'ip link' lists them, and -F has the vswitch wait "
            "for one of that name");
}

TEST(UplinkAdaptor, IsNotForGuests) { EXPECT_FALSE(UplinkAdaptor().for_guests()); }

}  // namespace
}  // namespace hpvmnet::uplink
