#include <map>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "unit/control/random_models.h"

namespace hpvmnet {
namespace {

template <class Map>
void expect_names_and_numbers(const Map& map) {
  std::set<std::uint32_t> numbers;
  for (const auto& [name, element] : map) {
    EXPECT_EQ(name, element.name);
    EXPECT_GE(element.number, 1u);
    EXPECT_TRUE(numbers.insert(element.number).second) << name;
  }
}

/// All that the comments of control/model.h promise.
void expect_valid(const Model& model) {
  expect_names_and_numbers(model.vswitches);
  expect_names_and_numbers(model.guests);
  EXPECT_TRUE(model.vswitches.contains(kLocalnet));
  for (const auto& [name, vswitch] : model.vswitches) {
    for (const auto& [port, settings] : vswitch.ports) {
      EXPECT_LT(port, kPortsPerVswitch);
      EXPECT_NE(settings, PortSettings{});
      EXPECT_LE(settings.vlans.untagged.value_or(0), kLastVlanId);
    }
  }
  std::set<std::uint64_t> macs;
  std::map<std::pair<std::string, PortNumber>, const Vnic*> reservations;
  for (const auto& [name, guest] : model.guests) {
    std::set<std::pair<std::string, PortNumber>> places;
    const Vnic* last = nullptr;
    for (const Vnic& vnic : guest.vnics) {
      if (last != nullptr) {
        EXPECT_LT(std::pair(last->bus, last->device), std::pair(vnic.bus, vnic.device));
      }
      last = &vnic;
      EXPECT_LE(vnic.bus, 7u);
      EXPECT_LE(vnic.device, 7u);
      EXPECT_LT(vnic.port, kPortsPerVswitch);
      EXPECT_TRUE(model.vswitches.contains(vnic.vswitch));
      EXPECT_TRUE(macs.insert(vnic.mac.value()).second);
      EXPECT_TRUE(vnic.mac.is_locally_administered() && !vnic.mac.is_group());
      EXPECT_TRUE(places.emplace(vnic.vswitch, vnic.port).second);
      const auto [shared, first] = reservations.try_emplace({vnic.vswitch, vnic.port}, &vnic);
      EXPECT_EQ(shared->second->adaptor, vnic.adaptor);
      EXPECT_EQ(shared->second->endpoint, vnic.endpoint);
    }
  }
}

TEST(EditProperty, EveryEditKeepsTheModelValidAndAFailedOneKeepsItAsItWas) {
  RandomModels walk(42);
  int accepted = 0;
  int refused = 0;
  for (int step = 0; step < 5000 && !testing::Test::HasFailure(); ++step) {
    const Model before = walk.model();
    const Status status = walk.step();
    if (status) {
      ++accepted;
      expect_valid(walk.model());
    } else {
      ++refused;
      EXPECT_EQ(walk.model(), before) << status.error().text;
      EXPECT_FALSE(status.error().text.empty());
    }
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace hpvmnet
