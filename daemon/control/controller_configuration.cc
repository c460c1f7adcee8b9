// Commands of the controller that are about many things at once: all settings of a port, all learnt
// addresses, the whole configuration.

#include <utility>

#include "control/address_owners.h"
#include "control/changes.h"
#include "control/controller.h"

namespace hpvmnet {

Status Controller::change_port(const VswitchName& which, std::uint32_t port,
                               const PortChange& change) {
  return this->change(
      [&](Model& model) { return hpvmnet::change_port(model, which, port, change); });
}

Result<std::vector<MacEntry>> Controller::mac_table(const VswitchName& which) const {
  return find_vswitch(model_, which).map([&](const std::string& name) {
    std::vector<MacEntry> entries = parts_.board.mac_table(name);
    name_owners(parts_.board, model_, reservations(), name, entries);
    return entries;
  });
}

Configuration Controller::configuration() const { return configuration_of(model_); }

Result<ConfigurationPlan> Controller::plan_configuration(const Configuration& wanted,
                                                         bool force) const {
  Model next = model_;
  if (auto status = hpvmnet::apply_configuration(next, wanted, parts_.context); !status) {
    return tl::unexpected(status.error());
  }
  ConfigurationPlan plan{.changes = describe_changes(model_, next), .objection = {}};
  if (force) return plan;
  if (const Status status = object_to_configuration(next); !status) {
    plan.objection = status.error().text;
  }
  return plan;
}

Result<ConfigurationPlan> Controller::apply_configuration(const Configuration& wanted, bool force) {
  ConfigurationPlan plan;
  return change(
             [&](Model& model) {
               return hpvmnet::apply_configuration(model, wanted, parts_.context);
             },
             [&](const Model& next) {
               plan.changes = describe_changes(model_, next);
               return force ? Status{} : object_to_configuration(next);
             })
      .map([&] { return std::move(plan); });
}

Status Controller::object_to_configuration(const Model& next) const {
  std::vector<std::string> guests;
  for (const auto& [name, guest] : model_.guests) guests.push_back(name);
  if (auto status = refuse_detaching(guests, next); !status) return status;
  for (const auto& [name, vswitch] : next.vswitches) {
    const auto before = model_.vswitches.find(name);
    if (before != model_.vswitches.end() && before->second.backing == vswitch.backing) continue;
    if (auto status = check_backing(name, next); !status) return status;
  }
  return {};
}

}  // namespace hpvmnet
