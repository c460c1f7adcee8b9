#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "control/commands.h"
#include "control/model_difference.h"
#include "control/plan.h"
#include "control/port_status.h"
#include "control/reservations.h"
#include "control/switchboard.h"

namespace hpvmnet {

/// The administrators' commands: edit a draft of the desired state, plan, apply, keep; only then is
/// the draft the state. Both are kept and only what differs is carried over, since copies of a
/// state with thousands of ports would cost more than all the rest of a change.
class Controller final : public Commands {
 public:
  struct Parts {
    Switchboard& board;
    EditContext context;
    /// Makes the change from one state to the other durable before it returns.
    /// What is not in either of them stays as it is.
    std::function<Status(const Model& from, const Model& to)> save;
    std::function<Adaptor*(std::string_view name)> find_adaptor;
    std::function<std::vector<PluginStatus>()> plugins;
    Log& log;
    EventJournal& journal;
    /// The host's interface that has this address; empty where none has. May be left out.
    std::function<std::string(const MacAddress& mac)> interface_with{};
  };

  /// Brings the switchboard to `model`, the state that was saved last.
  Controller(Model model, Parts parts);
  ~Controller() override;

  Survey survey() const override;
  std::vector<VswitchStatus> vswitches() const override;
  Result<VswitchStatus> vswitch(const VswitchName& which) const override;
  Status create_vswitch(const std::string& name, const std::optional<BackingRequest>& backing,
                        bool force) override;
  Status clone_vswitch(const VswitchName& source, const std::string& name,
                       const std::optional<BackingRequest>& backing, bool force) override;
  Status delete_vswitch(const VswitchName& which) override;
  Status set_vswitch_up(const VswitchName& which, bool up) override;
  Status set_backing(const VswitchName& which, const std::optional<BackingRequest>& backing,
                     bool force) override;
  Status reset_vswitch(const VswitchName& which) override;
  Status set_multicast_policy(const VswitchName& which, MulticastPolicy policy) override;
  Status set_filters(const VswitchName& which, const std::vector<FilterSettings>& filters) override;
  Status set_mirror(const VswitchName& which, const std::optional<MirrorSettings>& mirror) override;
  Status set_port_vlan(const VswitchName& which, std::uint32_t port,
                       std::optional<std::uint32_t> vlan) override;
  Status set_port_trunk(const VswitchName& which, std::uint32_t port,
                        const std::string& trunk) override;
  Status set_port_queue_pairs(const VswitchName& which, std::uint32_t port,
                              std::uint32_t pairs) override;
  Status set_port_rings(const VswitchName& which, std::uint32_t port, bool packed) override;
  Result<VswitchStatus> clear_counters(const VswitchName& which,
                                       std::optional<std::uint32_t> port) override;
  Status change_port(const VswitchName& which, std::uint32_t port,
                     const PortChange& change) override;
  Result<std::vector<MacEntry>> mac_table(const VswitchName& which) const override;

  std::vector<PluginStatus> plugins() const override { return parts_.plugins(); }

  std::vector<GuestStatus> guests() const override;
  Result<GuestStatus> guest(const std::string& name) const override;
  Result<GuestStatus> create_guest(const std::string& name,
                                   const std::vector<VnicRequest>& vnics) override;
  Result<GuestStatus> clone_guest(const std::string& source, const std::string& name,
                                  const GuestChange& request) override;
  Result<GuestStatus> modify_guest(const std::string& name, const GuestChange& request,
                                   Manner manner) override;
  Status remove_guest(const std::string& name, bool force) override;
  Result<Attachment> attachment(const std::string& name,
                                const AttachmentRequest& request) const override;

  Configuration configuration() const override;
  Result<ConfigurationPlan> plan_configuration(const Configuration& wanted,
                                               bool force) const override;
  Result<ConfigurationPlan> apply_configuration(const Configuration& wanted, bool force) override;
  Result<std::shared_ptr<Capture>> start_capture(const VswitchName& which,
                                                 CaptureRequest request) override;
  Result<Trace> trace(const VswitchName& which, std::uint32_t port,
                      std::span<const std::byte> frame) const override;

  const EventJournal& events() const override { return parts_.journal; }
  std::vector<WorkerStatus> workers() const override { return workers_of(parts_.board); }
  std::vector<VswitchTraffic> traffic(const std::vector<std::string>& vswitches) const override;

 private:
  using Edit = std::function<Status(Model&)>;
  /// Asked before a change is carried out.
  using Objection = std::function<Status(const Model& next)>;

  Status change(const Edit& edit, const Objection& objection = {});
  Status carry_out(const ModelDifference& difference);
  std::vector<Action> planned(const Model& from, const Model& to) const;
  Status check_backing(const std::string& vswitch, const Model& next) const;
  Result<GuestStatus> change_guest(const std::string& name, Manner manner, const Edit& edit);
  Warnings warnings_of(const std::string& name, const Model& next) const;
  Result<GuestStatus> would_be(const std::string& name, const Model& next, Warnings warnings) const;
  Status refuse_detaching(const std::vector<std::string>& guests, const Model& next) const;
  Status object_to_configuration(const Model& next) const;

  VswitchStatus status_of(const Vswitch& vswitch) const;
  GuestStatus status_of(const Guest& guest) const;
  bool is_active(const Guest& guest, const Vnic& vnic) const;
  const Reservations& reservations() const;
  std::string only_guest_on(const std::string& vswitch, PortNumber port) const;
  Result<const Guest*> find_guest(const std::string& name) const;

  Model model_;
  Model draft_;  // equal to model_, but while a change is made: what it leads to
  bool in_change_ = false;
  mutable std::optional<Reservations> reservations_;  // model_'s, found when they are needed
  const Parts parts_;
};

}  // namespace hpvmnet
