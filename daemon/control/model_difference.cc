#include "control/model_difference.h"

#include <algorithm>
#include <set>
#include <string>

namespace hpvmnet {
namespace {

using Names = std::set<std::string>;

// Calls `differs(before, after)` for each name of which the elements differ; null: there is none.
// Both maps are walked once, side by side: this is what a small change of a large state costs.
template <class Map, class Differs>
void compare(const Map& from, const Map& to, Differs differs) {
  auto before = from.begin();
  auto after = to.begin();
  while (before != from.end() || after != to.end()) {
    int order = 0;
    if (after == to.end()) {
      order = -1;
    } else if (before == from.end()) {
      order = 1;
    } else {
      order = before->first.compare(after->first);
    }
    if (order < 0) {
      differs(&(before++)->second, nullptr);
    } else if (order > 0) {
      differs(nullptr, &(after++)->second);
    } else {
      if (before->second != after->second) differs(&before->second, &after->second);
      ++before;
      ++after;
    }
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

template <class Map>
void exchange(const Map& from, const Map& to, Map& whole) {
  for (const auto& [name, element] : from) {
    if (!to.contains(name)) whole.erase(name);
  }
  for (const auto& [name, element] : to) whole.insert_or_assign(name, element);
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
  if (vswitches.empty() && guests.empty()) return difference;
  take_parts(from, vswitches, guests, difference.from);
  take_parts(to, vswitches, guests, difference.to);
  return difference;
}

void exchange_parts(const Model& from, const Model& to, Model& whole) {
  exchange(from.vswitches, to.vswitches, whole.vswitches);
  exchange(from.guests, to.guests, whole.guests);
}

}  // namespace hpvmnet
