#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mac_address.h"
#include "base/result.h"
#include "control/model.h"

namespace hpvmnet {

// Every change that a command can make, as a function from the desired state to the next one. They
// judge the request and touch nothing but the model: on error it is as it was.

/// How a request names a vswitch.
struct VswitchName {
  std::string name;          ///< used where not empty
  std::uint32_t number = 0;  ///< used otherwise
};

/// A vNIC as a request describes it, nothing of which is judged yet; what is left out is chosen.
struct VnicRequest {
  std::string adaptor;
  std::optional<std::uint32_t> bus;
  std::optional<std::uint32_t> device;
  std::optional<MacAddress> mac;
  std::string vswitch;
  std::optional<std::uint32_t> port;
  std::optional<std::string> endpoint;  ///< empty: the adaptor's default
};

/// A backing interface as a request describes it.
struct BackingRequest {
  std::string interface;
  std::string mode;
  std::optional<std::uint32_t> vlan;
};

/// Changes to the settings of one port, made together or not at all. What is none stays.
struct PortChange {
  std::optional<std::optional<std::uint32_t>> vlan{};  ///< of untagged frames; in it, none: no VLAN
  std::optional<std::string> trunk{};                  ///< as set_port_trunk() takes it
  std::optional<std::uint32_t> queue_pairs{};
  std::optional<bool> packed_rings{};
};

/// Changes to one guest, made together or not at all, in the order delete, modify, add.
struct GuestChange {
  /// Found by bus and device, by MAC, or by vswitch (and port) where that is unique. All that a
  /// request gives must be so.
  std::vector<VnicRequest> remove;
  /// Found by bus and device; what is left out stays, except the port of a vNIC that moves to
  /// another vswitch (it is chosen) and the endpoint of one that gets another adaptor.
  std::vector<VnicRequest> modify;
  std::vector<VnicRequest> add;
};

/// What edits need to know of the daemon besides the model.
struct EditContext {
  std::function<bool(std::string_view adaptor)> adaptor_known;
  std::function<std::uint64_t()> random;  ///< for generated MAC addresses
};

/// The state that a first start begins with: localnet, up.
Model initial_model();

Result<std::string> find_vswitch(const Model& model, const VswitchName& which);

Status create_vswitch(Model& model, const std::string& name,
                      const std::optional<BackingRequest>& backing = {});
/// Makes a vswitch with the settings of another one and of its ports, with a backing interface of
/// its own or none.
Status clone_vswitch(Model& model, const VswitchName& source, const std::string& name,
                     const std::optional<BackingRequest>& backing);
/// `backing`: none to have none.
Status set_backing(Model& model, const VswitchName& which,
                   const std::optional<BackingRequest>& backing);
Status delete_vswitch(Model& model, const VswitchName& which);
Status set_vswitch_up(Model& model, const VswitchName& which, bool up);
Status set_multicast_policy(Model& model, const VswitchName& which, MulticastPolicy policy);
/// All of them, in order; empty: none.
Status set_filters(Model& model, const VswitchName& which,
                   const std::vector<FilterSettings>& filters);
/// None: frames are not copied any longer.
Status set_mirror(Model& model, const VswitchName& which,
                  const std::optional<MirrorSettings>& mirror);
Status set_port_vlan(Model& model, const VswitchName& which, std::uint32_t port,
                     std::optional<std::uint32_t> vlan);
/// `trunk`: the VLANs of tagged frames, as VlanSet::parse() reads them, or empty: none.
Status set_port_trunk(Model& model, const VswitchName& which, std::uint32_t port,
                      std::string_view trunk);
Status set_port_queue_pairs(Model& model, const VswitchName& which, std::uint32_t port,
                            std::uint32_t pairs);
Status set_port_rings(Model& model, const VswitchName& which, std::uint32_t port, bool packed);
Status change_port(Model& model, const VswitchName& which, std::uint32_t port,
                   const PortChange& change);

Status create_guest(Model& model, const std::string& name, const std::vector<VnicRequest>& vnics,
                    const EditContext& context);
/// Makes a guest with the vNICs of another one, at the same places in it and on the same vswitches;
/// ports and addresses are chosen, and the ports get the settings of the other guest's. What
/// endpoints name belongs to one port, so the new vNICs have none. `change` is then made to them.
Status clone_guest(Model& model, const std::string& source, const std::string& name,
                   const GuestChange& change, const EditContext& context);
Status modify_guest(Model& model, const std::string& name, const GuestChange& change,
                    const EditContext& context);
Status remove_guest(Model& model, const std::string& name);

}  // namespace hpvmnet
