#include "control/plan.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace hpvmnet {
namespace {

/// The actions, sorted into the groups in which they run.
class Planner {
 public:
  void compare_vswitches(const Model& from, const Model& to) {
    for (const auto& [name, vswitch] : to.vswitches) {
      const auto before = from.vswitches.find(name);
      const bool added = before == from.vswitches.end();
      if (added) add_vswitches_.emplace_back(AddVswitch{name});
      const bool was_up = !added && before->second.up;
      if (vswitch.up != was_up) changes_.emplace_back(SetVswitchUp{name, vswitch.up});
      const auto policy = added ? MulticastPolicy::snoop : before->second.multicast;
      if (vswitch.multicast != policy) {
        changes_.emplace_back(SetMulticastPolicy{name, policy, vswitch.multicast});
      }
      const auto filters = added ? std::vector<FilterSettings>() : before->second.filters;
      if (vswitch.filters != filters) {
        filters_.emplace_back(SetFilters{name, filters, vswitch.filters});
      }
      const auto mirror = added ? std::nullopt : before->second.mirror;
      if (vswitch.mirror != mirror) {
        changes_.emplace_back(SetMirror{name, mirror, vswitch.mirror});
      }
    }
    for (const auto& [name, vswitch] : from.vswitches) {
      if (!to.vswitches.contains(name)) remove_vswitches_.emplace_back(RemoveVswitch{name});
    }
  }

  void compare_ports(const OpenPorts& from, const OpenPorts& to) {
    for (const auto& [port, configuration] : to) {
      const auto& [vswitch, number] = port;
      const OpenPort open{vswitch, number, configuration};
      const auto before = from.find(port);
      if (before == from.end()) {
        opens_.emplace_back(open);
      } else if (!stays_open(before->second, configuration)) {
        replacements_.emplace_back(ClosePort{vswitch, number, before->second});
        replacements_.emplace_back(open);
      } else if (before->second.vlans != configuration.vlans) {
        changes_.emplace_back(
            SetPortVlans{vswitch, number, before->second.vlans, configuration.vlans});
      }
    }
    for (const auto& [port, configuration] : from) {
      if (to.contains(port)) continue;
      closes_.emplace_back(ClosePort{port.first, port.second, configuration});
    }
  }

  std::vector<Action> actions() && {
    std::vector<Action> all;
    make_room();
    for (auto* group : {&add_vswitches_, &filters_, &room_, &opens_, &replacements_, &changes_,
                        &closes_, &remove_vswitches_}) {
      std::ranges::move(*group, std::back_inserter(all));
    }
    return all;
  }

 private:
  // What a port connects to, an interface for one, must be let go before another port opens it.
  void make_room() {
    using Place = std::pair<std::string, PortNumber>;
    std::map<std::pair<std::string, std::string>, std::set<Place>> needed;  // by whom
    for (const auto* group : {&opens_, &replacements_}) {
      for (const Action& action : *group) {
        const auto* open = std::get_if<OpenPort>(&action);
        if (open == nullptr || open->configuration.endpoint.empty()) continue;
        needed[{open->configuration.adaptor, open->configuration.endpoint}].emplace(open->vswitch,
                                                                                    open->number);
      }
    }
    const auto in_the_way = [&](const Action& action) {
      const auto* close = std::get_if<ClosePort>(&action);
      if (close == nullptr) return false;
      const auto by = needed.find({close->configuration.adaptor, close->configuration.endpoint});
      return by != needed.end() && std::ranges::any_of(by->second, [&](const Place& place) {
               return place != Place(close->vswitch, close->number);
             });
    };
    for (auto* group : {&replacements_, &closes_}) {
      std::ranges::copy_if(*group, std::back_inserter(room_), in_the_way);
      std::erase_if(*group, in_the_way);
    }
  }

  std::vector<Action> add_vswitches_;
  std::vector<Action> filters_;
  std::vector<Action> room_;  ///< closes of ports whose endpoints others open
  std::vector<Action> opens_;
  std::vector<Action> replacements_;  ///< closes that make room, each before its open
  std::vector<Action> changes_;       ///< cannot fail
  std::vector<Action> closes_;
  std::vector<Action> remove_vswitches_;
};

}  // namespace

std::vector<Action> plan(const Model& from, const Model& to, const TraitsOf& traits_of) {
  Planner planner;
  planner.compare_vswitches(from, to);
  planner.compare_ports(open_ports(from, traits_of), open_ports(to, traits_of));
  return std::move(planner).actions();
}

}  // namespace hpvmnet
