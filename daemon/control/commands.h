#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "control/edit.h"
#include "control/event_journal.h"
#include "control/status.h"
#include "control/survey.h"

namespace hpvmnet {

/// What the administrators' commands do: the only way in for the rpc layer. Control thread only.
///
/// A method that changes something returns when the change is in force and durable, or with an
/// error and everything as it was before.
class Commands {
 public:
  virtual ~Commands() = default;

  /// Everything at once. Cheap: some milliseconds for thousands of ports.
  virtual Survey survey() const = 0;

  virtual std::vector<VswitchStatus> vswitches() const = 0;  ///< by number
  virtual Result<VswitchStatus> vswitch(const VswitchName& which) const = 0;
  /// `force`: even where the backing interface cannot be used at present.
  virtual Status create_vswitch(const std::string& name,
                                const std::optional<BackingRequest>& backing, bool force) = 0;
  virtual Status delete_vswitch(const VswitchName& which) = 0;
  /// Already in that state: success.
  virtual Status set_vswitch_up(const VswitchName& which, bool up) = 0;
  /// Changes or removes the backing interface. `force` as above.
  virtual Status set_backing(const VswitchName& which, const std::optional<BackingRequest>& backing,
                             bool force) = 0;
  /// Has the vswitch take its backing interface anew, as if it were halted and booted. Guests stay
  /// attached.
  virtual Status reset_vswitch(const VswitchName& which) = 0;
  virtual Status set_multicast_policy(const VswitchName& which, MulticastPolicy policy) = 0;
  virtual Status set_port_vlan(const VswitchName& which, std::uint32_t port,
                               std::optional<std::uint32_t> vlan) = 0;
  virtual Status set_port_trunk(const VswitchName& which, std::uint32_t port,
                                const std::string& trunk) = 0;
  virtual Status set_port_queue_pairs(const VswitchName& which, std::uint32_t port,
                                      std::uint32_t pairs) = 0;
  virtual Status set_port_rings(const VswitchName& which, std::uint32_t port, bool packed) = 0;
  virtual Result<std::vector<MacEntry>> mac_table(const VswitchName& which) const = 0;

  virtual std::vector<GuestStatus> guests() const = 0;  ///< by number
  virtual Result<GuestStatus> guest(const std::string& name) const = 0;
  virtual Status create_guest(const std::string& name, const std::vector<VnicRequest>& vnics) = 0;
  /// `force`: even where it takes a port away from an attached guest.
  virtual Status modify_guest(const std::string& name, const GuestChange& change, bool force) = 0;
  virtual Status remove_guest(const std::string& name, bool force) = 0;
  /// The QEMU arguments that attach all vNICs of a guest, in the order of the vNICs; one element an
  /// argument. Where an adaptor needs it, they give the guest `memory_mib` mebibytes of shared
  /// memory.
  virtual Result<std::vector<std::string>> qemu_arguments(const std::string& name,
                                                          std::uint64_t memory_mib) const = 0;

  /// What has happened; lives as long as the commands do.
  virtual const EventJournal& events() const = 0;
  virtual std::vector<WorkerStatus> workers() const = 0;  ///< by number
};

}  // namespace hpvmnet
