#include <string>

#include <gmock/gmock.h>

#include "control/edit.h"
#include "unit/control/model_builder.h"

namespace hpvmnet {
namespace {

using testing::HasSubstr;

TEST(EditVswitch, AnInterfaceBacksOneVswitch) {
  Model model = initial_model();
  ASSERT_TRUE(create_vswitch(model, "a", BackingRequest{"eth1", "packet", 20}));
  EXPECT_EQ(model.vswitches.at("a").backing,
            (Backing{.interface = "eth1", .mode = "packet", .vlan = 20}));
  const Model before = model;
  const Status taken = create_vswitch(model, "b", BackingRequest{"eth1", "", {}});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().text,
            "interface 'eth1' backs vswitch 'a' already, and it can back one only; use that "
            "vswitch, or take the interface from it with 'hpvmnet -C -S a -n none'");
  EXPECT_EQ(model, before);
  ASSERT_TRUE(set_backing(model, named("a"), BackingRequest{"eth1", "", {}}));
  ASSERT_TRUE(set_backing(model, named("a"), std::nullopt));
  EXPECT_TRUE(create_vswitch(model, "b", BackingRequest{"eth1", "", {}}));
}

TEST(EditVswitch, BackingsThatCannotBeAreRefused) {
  Model model = initial_model();
  ASSERT_TRUE(create_vswitch(model, "a"));
  const Model before = model;
  for (const char* name : {"", ".", "..", "a/b", "a:1", "eth%d", "sixteen-letters-", "a b"}) {
    EXPECT_FALSE(set_backing(model, named("a"), BackingRequest{name, "", {}})) << name;
  }
  EXPECT_FALSE(set_backing(model, named("a"), BackingRequest{"eth1", "", 0}));
  EXPECT_FALSE(set_backing(model, named("a"), BackingRequest{"eth1", "", 4095}));
  EXPECT_FALSE(set_backing(model, named("localnet"), BackingRequest{"eth1", "", {}}));
  EXPECT_FALSE(set_backing(model, named("none"), BackingRequest{"eth1", "", {}}));
  EXPECT_EQ(model, before);
}

TEST(EditVswitch, FiltersAreReplacedAllAtOnce) {
  Model model = initial_model();
  const std::vector<FilterSettings> two{{"a", "x"}, {"b", ""}};
  ASSERT_TRUE(set_filters(model, named("localnet"), two));
  EXPECT_EQ(model.vswitches.at("localnet").filters, two);
  ASSERT_TRUE(set_filters(model, named("localnet"), {{"a", "x"}, {"a", "y"}}));
  EXPECT_EQ(model.vswitches.at("localnet").filters.size(), 2u);
  ASSERT_TRUE(set_filters(model, named("localnet"), {}));
  EXPECT_EQ(model, initial_model());
}

TEST(EditVswitch, FiltersThatCannotBeAreRefused) {
  Model model = initial_model();
  ASSERT_TRUE(set_filters(model, named("localnet"), {{"a", ""}}));
  const Model before = model;
  const auto refused = [&](const std::vector<FilterSettings>& filters) {
    const Status status = set_filters(model, named("localnet"), filters);
    EXPECT_EQ(model, before);
    return status ? std::string("accepted") : status.error().text;
  };
  EXPECT_THAT(refused({{"", ""}}), HasSubstr("cannot be the name of a filter"));
  EXPECT_THAT(refused({{"a b", ""}}), HasSubstr("cannot be the name of a filter"));
  EXPECT_THAT(refused({{"a", "x"}, {"a", "x"}}), HasSubstr("is given twice"));
  EXPECT_THAT(refused({{"a", "x\n"}}), HasSubstr("cannot be given 'x?'"));
  EXPECT_THAT(refused({{"a", "(x"}}), HasSubstr("each '(' with its ')'"));
  EXPECT_THAT(refused({{"a", ")("}}), HasSubstr("each '(' with its ')'"));
  EXPECT_THAT(refused({{"a", std::string(1025, 'x')}}), HasSubstr("at most 1024"));
  std::vector<FilterSettings> many;
  for (int i = 0; i < 17; ++i) many.push_back({"a", std::to_string(i)});
  EXPECT_THAT(refused(many), HasSubstr("can have 16 filters, not 17"));
  EXPECT_FALSE(set_filters(model, named("none"), {}));
}

TEST(EditVswitch, AMirrorIsSetAndCleared) {
  Model model = initial_model();
  const MirrorSettings mirror{
      .port = 7, .sources = {1, kUplinkPort}, .filter = {"ip", {{6, 0, 0, 1}}}};
  ASSERT_TRUE(set_mirror(model, named("localnet"), mirror));
  EXPECT_EQ(model.vswitches.at("localnet").mirror, mirror);
  ASSERT_TRUE(set_mirror(model, named("localnet"), {}));
  EXPECT_EQ(model, initial_model());
}

TEST(EditVswitch, MirrorsThatCannotBeAreRefused) {
  Model model = initial_model();
  const auto refused = [&](const MirrorSettings& mirror) {
    const Status status = set_mirror(model, named("localnet"), mirror);
    EXPECT_EQ(model, initial_model());
    return status ? std::string("accepted") : status.error().text;
  };
  EXPECT_THAT(refused({.port = 512, .sources = {}, .filter = {}}), HasSubstr("512"));
  EXPECT_THAT(refused({.port = 1, .sources = {513}, .filter = {}}), HasSubstr("513"));
  EXPECT_THAT(refused({.port = 1, .sources = {1, 2}, .filter = {}}),
              HasSubstr("port 1 cannot get copies of its own frames"));
  EXPECT_THAT(refused({.port = 1, .sources = {}, .ingress = false, .filter = {}}),
              HasSubstr("would copy nothing"));
  EXPECT_THAT(refused({.port = 1, .sources = {}, .filter = {"ip\n", {}}}),
              HasSubstr("is no filter"));
  EXPECT_THAT(refused({.port = 1, .sources = {}, .filter = {std::string(1025, 'x'), {}}}),
              HasSubstr("at most 1024"));
  EXPECT_FALSE(set_mirror(model, named("none"), {}));
}

TEST(EditVswitch, ATrunkCarriesTheVlansOfItsList) {
  Model model = initial_model();
  ASSERT_TRUE(set_port_trunk(model, named("localnet"), 3, "10,20-29"));
  const auto& ports = model.vswitches.at("localnet").ports;
  EXPECT_EQ(ports.at(3).vlans.trunk.text(), "10,20-29");
  EXPECT_EQ(ports.at(3).vlans.untagged, std::nullopt);
  ASSERT_TRUE(set_port_trunk(model, named("localnet"), 3, ""));
  EXPECT_TRUE(ports.empty());
}

TEST(EditVswitch, AListThatIsNoneIsRefusedAndChangesNothing) {
  Model model = initial_model();
  ASSERT_TRUE(set_port_trunk(model, named("localnet"), 3, "10"));
  const Model before = model;
  const Status status = set_port_trunk(model, named("localnet"), 3, "10,5000");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(status.error().text,
            "'10,5000' is not a list of VLANs: give ids from 1 to 4094 and ranges of them, as in "
            "10,20-29, or 'all', or 'none'");
  EXPECT_EQ(model, before);
}

TEST(InitialModel, HoldsLocalnetUp) {
  const Model model = initial_model();
  ASSERT_EQ(model.vswitches.size(), 1u);
  EXPECT_EQ(model.vswitches.at("localnet"),
            (Vswitch{.name = "localnet", .number = 1, .up = true, .ports = {}}));
  EXPECT_TRUE(model.guests.empty());
}

TEST(CreateVswitch, IsDownAndTakesTheSmallestFreeNumber) {
  Model model = initial_model();
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(create_vswitch(model, name));
  EXPECT_EQ(model.vswitches.at("c").number, 4u);
  EXPECT_FALSE(model.vswitches.at("c").up);
  ASSERT_TRUE(delete_vswitch(model, named("a")));
  ASSERT_TRUE(create_vswitch(model, "d"));
  EXPECT_EQ(model.vswitches.at("d").number, 2u);
}

TEST(CreateVswitch, AcceptsEveryGoodName) {
  Model model = initial_model();
  for (const std::string& name : {std::string("x"), std::string("Prod_1.a-b"), std::string("_"),
                                  std::string("7"), std::string(32, 'n')}) {
    EXPECT_TRUE(create_vswitch(model, name)) << name;
  }
}

TEST(CreateVswitch, RefusesEveryBadNameAndSaysWhatIsAllowed) {
  const Model before = initial_model();
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("-S"), std::string("a b"),
        std::string("a/b"), std::string("\xc3\xa9t\xc3\xa9"), std::string("a\0b", 3),
        std::string("a:b"), std::string("a\n"), std::string(33, 'n')}) {
    Model model = before;
    const Status status = create_vswitch(model, name);
    ASSERT_FALSE(status) << name;
    EXPECT_EQ(status.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(status.error().text, HasSubstr("1 to 32 letters (a-z, A-Z), digits, '.', '_' or"));
    EXPECT_EQ(model, before);
  }
}

TEST(CreateVswitch, NeverEchoesControlCharacters) {
  Model model = initial_model();
  const Status status = create_vswitch(model, "a\x1b[2J");
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().text, HasSubstr("'a?[2J'"));
}

TEST(CreateVswitch, RefusesANameTwice) {
  Model model = initial_model();
  const Status status = create_vswitch(model, "localnet");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::already_exists);
  EXPECT_EQ(status.error().text, "vswitch 'localnet' exists already; choose another name");
}

TEST(FindVswitch, ByNameByNumberAndNotAtAll) {
  Model model = initial_model();
  ASSERT_TRUE(create_vswitch(model, "sw"));
  EXPECT_EQ(find_vswitch(model, named("sw")).value(), "sw");
  EXPECT_EQ(find_vswitch(model, {.name = "", .number = 2}).value(), "sw");
  EXPECT_EQ(
      find_vswitch(model, named("no")).error(),
      (Error{ErrorCode::not_found, "there is no vswitch 'no'; 'hpvmnet' lists the vswitches"}));
  EXPECT_EQ(
      find_vswitch(model, {.name = "", .number = 9}).error(),
      (Error{ErrorCode::not_found, "there is no vswitch number 9; 'hpvmnet' lists the vswitches"}));
  EXPECT_EQ(find_vswitch(model, {}).error().code, ErrorCode::invalid_argument);
}

TEST(DeleteVswitch, KeepsLocalnet) {
  Model model = initial_model();
  const Status status = delete_vswitch(model, {.name = "", .number = 1});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::failed_precondition);
  EXPECT_THAT(status.error().text, HasSubstr("'hpvmnet -S localnet -h' halts it"));
  EXPECT_EQ(model, initial_model());
}

TEST(DeleteVswitch, RefusesOneInUseAndNamesItsGuests) {
  ModelBuilder builder;
  builder.vswitch("sw").vswitch("other");
  builder.guest("web", {vnic("lan", "sw"), vnic("lan", "sw"), vnic("lan", "other")});
  builder.guest("db", {vnic("avio_lan", "sw")});
  builder.guest("lone", {vnic("lan", "other")});
  const Model before = builder.model;
  const Status status = delete_vswitch(builder.model, named("sw"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::failed_precondition);
  EXPECT_THAT(status.error().text, HasSubstr("it has vNICs of guests 'db', 'web';"));
  EXPECT_EQ(builder.model, before);
}

TEST(DeleteVswitch, TakesPortSettingsAlong) {
  Model model = initial_model();
  ASSERT_TRUE(create_vswitch(model, "sw"));
  ASSERT_TRUE(set_port_vlan(model, named("sw"), 3, 7));
  ASSERT_TRUE(delete_vswitch(model, named("sw")));
  EXPECT_EQ(model, initial_model());
}

TEST(SetVswitchUp, IsIdempotentAndWorksOnLocalnet) {
  Model model = initial_model();
  EXPECT_TRUE(set_vswitch_up(model, named("localnet"), false));
  EXPECT_TRUE(set_vswitch_up(model, named("localnet"), false));
  EXPECT_FALSE(model.vswitches.at("localnet").up);
  EXPECT_TRUE(set_vswitch_up(model, named("localnet"), true));
  EXPECT_EQ(model, initial_model());
  EXPECT_FALSE(set_vswitch_up(model, named("no"), true));
}

TEST(SetPortVlan, KeepsOnlyWhatDiffersFromTheDefault) {
  Model model = initial_model();
  ASSERT_TRUE(set_port_vlan(model, named("localnet"), 511, 4094));
  ASSERT_TRUE(set_port_vlan(model, named("localnet"), 0, 0));
  EXPECT_EQ(model.vswitches.at("localnet").ports.at(511).vlans.untagged, 4094);
  EXPECT_EQ(model.vswitches.at("localnet").ports.at(0).vlans.untagged, 0);
  ASSERT_TRUE(set_port_vlan(model, named("localnet"), 511, std::nullopt));
  ASSERT_TRUE(set_port_vlan(model, named("localnet"), 0, std::nullopt));
  ASSERT_TRUE(set_port_vlan(model, named("localnet"), 1, std::nullopt));
  EXPECT_EQ(model, initial_model());
}

TEST(SetPortQueuePairs, KeepsOnlyWhatDiffersFromTheDefault) {
  Model model = initial_model();
  ASSERT_TRUE(set_port_queue_pairs(model, named("localnet"), 3, 16));
  ASSERT_TRUE(set_port_vlan(model, named("localnet"), 3, 7));
  EXPECT_EQ(model.vswitches.at("localnet").ports.at(3).queue_pairs, 16U);
  ASSERT_TRUE(set_port_vlan(model, named("localnet"), 3, std::nullopt));
  EXPECT_EQ(model.vswitches.at("localnet").ports.at(3).queue_pairs, 16U);
  ASSERT_TRUE(set_port_queue_pairs(model, named("localnet"), 3, 1));
  EXPECT_EQ(model, initial_model());
}

TEST(SetPortQueuePairs, RefusesWhatIsOutOfRange) {
  Model model = initial_model();
  for (const std::uint32_t pairs : {0u, 17u, 65537u}) {
    const Status status = set_port_queue_pairs(model, named("localnet"), 1, pairs);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(status.error().text, HasSubstr("1 to 16 pairs of queues"));
  }
  EXPECT_FALSE(set_port_queue_pairs(model, named("localnet"), 512, 2));
  EXPECT_FALSE(set_port_queue_pairs(model, named("no"), 1, 2));
  EXPECT_EQ(model, initial_model());
}

TEST(SetPortRings, KeepsOnlyWhatDiffersFromTheDefault) {
  Model model = initial_model();
  ASSERT_TRUE(set_port_rings(model, named("localnet"), 3, false));
  EXPECT_EQ(model, initial_model());
  ASSERT_TRUE(set_port_rings(model, named("localnet"), 3, true));
  ASSERT_TRUE(set_port_queue_pairs(model, named("localnet"), 3, 2));
  ASSERT_TRUE(set_port_queue_pairs(model, named("localnet"), 3, 1));
  EXPECT_TRUE(settings_of(model, "localnet", 3).packed_rings);
  ASSERT_TRUE(set_port_rings(model, named("localnet"), 3, false));
  EXPECT_EQ(model, initial_model());
}

TEST(SetPortRings, RefusesAPortThatIsNot) {
  Model model = initial_model();
  EXPECT_FALSE(set_port_rings(model, named("localnet"), 512, true));
  EXPECT_FALSE(set_port_rings(model, named("no"), 1, true));
  EXPECT_EQ(model, initial_model());
}

TEST(SetPortVlan, RefusesWhatIsOutOfRange) {
  Model model = initial_model();
  for (const std::uint32_t port : {512u, 65536u, 4294967295u}) {
    const Status status = set_port_vlan(model, named("localnet"), port, 1);
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().text, HasSubstr("port ids are 0 to 511"));
  }
  for (const std::uint32_t vlan : {4095u, 65536u}) {
    const Status status = set_port_vlan(model, named("localnet"), 1, vlan);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(status.error().text, HasSubstr("VLAN ids are 0 to 4094"));
  }
  EXPECT_EQ(model, initial_model());
}

}  // namespace
}  // namespace hpvmnet
