#include "switch/group_table.h"

#include <algorithm>

namespace hpvmnet {

void GroupTable::add_domain(Domain domain, const Routers& routers) {
  if (domain >= place_of_.size()) place_of_.resize(domain + std::size_t{1});
  domains_.push_back(routers);
  place_of_[domain] = static_cast<std::uint16_t>(domains_.size());
}

void GroupTable::add_group(const MacTable::Key& group, const PortSet& members) {
  keys_.push_back(group);
  sets_.push_back(members);
  if (2 * sets_.size() > places_.size()) {
    grow();
  } else {
    enter(group, static_cast<std::uint32_t>(sets_.size() - 1));
  }
}

void GroupTable::enter(const MacTable::Key& group, std::uint32_t set) {
  std::uint64_t i = group.hash & (places_.size() - 1);
  while (places_[i].station != 0) i = (i + 1) & (places_.size() - 1);
  places_[i] = {group.station, set};
}

void GroupTable::grow() {
  constexpr std::size_t kFewest = 16;
  places_.assign(std::max(kFewest, 2 * places_.size()), Place{});
  for (std::uint32_t set = 0; set < keys_.size(); ++set) enter(keys_[set], set);
}

}  // namespace hpvmnet
