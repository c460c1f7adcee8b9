#include "control/guest_warnings.h"

#include <gmock/gmock.h>

#include "unit/control/model_builder.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class GuestWarnings : public testing::Test {
 protected:
  GuestWarnings() {
    builder_.vswitch("sw").guest("web1", {at(0, 1, vnic("lan", "localnet", 4))});
    before_ = builder_.model;
  }

  void modify(VnicRequest request) {
    EXPECT_TRUE(modify_guest(builder_.model, "web1",
                             {.remove = {}, .modify = {std::move(request)}, .add = {}},
                             builder_.context));
  }
  Warnings warnings(bool attached = false) {
    return guest_warnings(before_, builder_.model, "web1",
                          {.attached = [=](const Vnic&) { return attached; },
                           .interface_of = [this](const Vnic&) { return interface_; }});
  }

  ModelBuilder builder_;
  Model before_;
  std::string interface_;
};

VnicRequest accelerated() { return at(0, 1, vnic("avio_lan", "")); }

TEST_F(GuestWarnings, SayWhenAnotherKindOfCardTakesEffect) {
  modify(accelerated());
  EXPECT_THAT(
      warnings(),
      ElementsAre("the vNIC at bus 0, device 1 goes from lan to avio_lan: this takes effect "
                  "when the guest is started with what 'hpvmstatus -P web1 --qemu' or '--libvirt' "
                  "prints; its interface may have another name in the guest then"));
}

TEST_F(GuestWarnings, SayWhatARunningGuestHasUntilThen) {
  modify(accelerated());
  EXPECT_THAT(
      warnings(true),
      ElementsAre("the vNIC at bus 0, device 1 goes from lan to avio_lan, but the guest runs "
                  "with a card of lan, which has no network from then on: this takes effect when "
                  "the guest is stopped and started with what 'hpvmstatus -P web1 --qemu' or "
                  "'--libvirt' prints"));
}

TEST_F(GuestWarnings, TellOfAVswitchThatIsDown) {
  modify(at(0, 1, vnic("", "sw")));
  const std::string down = "vswitch 'sw' is down: no frames pass until 'hpvmnet -b -S sw' boots it";
  EXPECT_THAT(warnings(), ElementsAre(down));
  EXPECT_THAT(vswitch_warnings(builder_.model, builder_.model.guests.at("web1")),
              ElementsAre(down));
  ASSERT_TRUE(set_vswitch_up(builder_.model, named("sw"), true));
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(GuestWarnings, TellOfAnAddressThatTheHostHas) {
  interface_ = "eth0";
  EXPECT_THAT(warnings(), IsEmpty());  // it has had it before
  modify(with_mac("02-00-00-00-00-0a", at(0, 1)));
  EXPECT_THAT(warnings(),
              ElementsAre("MAC address 02-00-00-00-00-0a is that of the host's interface 'eth0', "
                          "too: two with one address on a network do not reach each other"));
}

TEST_F(GuestWarnings, AreNoneForWhatStays) {
  modify(at(0, 1));
  EXPECT_THAT(warnings(true), IsEmpty());
}

TEST_F(GuestWarnings, OfAClone) {
  const Guest source{
      "a", 1, {{.adaptor = "lan", .mac = {}, .vswitch = "sw", .endpoint = "/run/passt"}}};
  const Guest clone{"b", 2, {{.adaptor = "lan", .mac = {}, .vswitch = "sw", .endpoint = ""}}};
  EXPECT_THAT(clone_warnings(source, clone),
              ElementsAre("the vNIC at bus 0, device 0 does not connect to '/run/passt', which "
                          "belongs to the port of guest 'a': it has its adaptor's default"));
  EXPECT_THAT(clone_warnings(source, source), IsEmpty());
}

}  // namespace
}  // namespace hpvmnet
