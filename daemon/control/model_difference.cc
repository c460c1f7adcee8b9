#include "control/model_difference.h"

#include <algorithm>
#include <set>
#include <string>

namespace hpvmnet {
namespace {

using Names = std::set<std::string>;

// Calls `differs(before, after)` for each name of which the elements differ; null: there is none.
template <class Map, class Differs>
void compare(const Map& from, const Map& to, Differs differs) {
  for (const auto& [name, element] : from) {
    const auto after = to.find(name);
    if (after == to.end()) {
      differs(&element, nullptr);
    } else if (!(element == after->second)) {
      differs(&element, &after->second);
    }
  }
  for (const auto& [name, element] : to) {
    if (!from.contains(name)) differs(nullptr, &element);
  }
}

void take_parts(const Model& model, const Names& vswitches, const Names& guests, Model& part) {
  for (const std::string& name : vswitches) {
    const auto found = model.vswitches.find(name);
    if (found != model.vswitches.end()) part.vswitches.insert(*found);
  }
  for (const auto& [name, guest] : model.guests) {
    const bool concerned =
        guests.contains(name) || std::ranges::any_of(guest.vnics, [&](const Vnic& vnic) {
          return vswitches.contains(vnic.vswitch);
        });
    if (concerned) part.guests.emplace_hint(part.guests.end(), name, guest);
  }
}

}  // namespace

ModelDifference difference_of(const Model& from, const Model& to) {
  Names vswitches;
  Names guests;
  compare(from.vswitches, to.vswitches, [&](const Vswitch* before, const Vswitch* after) {
    vswitches.insert(before != nullptr ? before->name : after->name);
  });
  compare(from.guests, to.guests, [&](const Guest* before, const Guest* after) {
    for (const Guest* guest : {before, after}) {
      if (guest == nullptr) continue;
      guests.insert(guest->name);
      for (const Vnic& vnic : guest->vnics) vswitches.insert(vnic.vswitch);
    }
  });
  ModelDifference difference;
  take_parts(from, vswitches, guests, difference.from);
  take_parts(to, vswitches, guests, difference.to);
  return difference;
}

}  // namespace hpvmnet
