#include "tap/adaptor.h"

#include <gtest/gtest.h>

#include "tap/tap_port.h"

namespace hpvmnet::tap {
namespace {

PortSpec spec(const std::string& vswitch, unsigned number, const std::string& name = {}) {
  PortSpec spec;
  spec.vswitch = vswitch;
  spec.number = number;
  spec.endpoint = name;
  return spec;
}

TEST(TapAdaptor, CallsAnInterfaceAfterItsPort) {
  EXPECT_EQ(interface_name(spec("prod", 7)), "prod-7");
  EXPECT_EQ(interface_name(spec("prod", 7, "backup0")), "backup0");
}

TEST(TapAdaptor, RefusesNamesThatLinuxDoesNotTake) {
  const TapAdaptor adaptor;
  EXPECT_TRUE(adaptor.check(spec("elevenchars", 511)));
  EXPECT_TRUE(adaptor.check(spec("a-very-long-name", 1, "short")));
  for (const char* name : {".", "..", "a/b", "a:1", "a b", "tap%d", "sixteen-letters-"}) {
    EXPECT_FALSE(adaptor.check(spec("prod", 1, name))) << name;
  }
  const Status refused = adaptor.check(spec("a-very-long-name", 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text,
            "'a-very-long-name-1' cannot be the name of an interface, which has up to 15 "
            "characters, without spaces, '/' and '%'; name another with :ifname:NAME");
}

TEST(TapAdaptor, HasAsManyQueuesAsItsPort) { EXPECT_TRUE(TapAdaptor().uses_queue_pairs()); }

}  // namespace
}  // namespace hpvmnet::tap
