#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/plugin_status.h"
#include "base/result.h"
#include "capture/capture.h"
#include "control/configuration.h"
#include "control/edit.h"
#include "control/event_journal.h"
#include "control/status.h"
#include "control/survey.h"
#include "trace/trace.h"

namespace hpvmnet {

/// How a guest is to be changed.
struct Manner {
  bool force = false;  ///< even where it takes a port away from an attached guest
  /// Only judge it, and tell how the guest would be. What `force` is for is a warning then.
  bool dry_run = false;
  bool operator==(const Manner&) const = default;
};

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
  /// `force` as above.
  virtual Status clone_vswitch(const VswitchName& source, const std::string& name,
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
  /// Replaces all filters at once. On error, which may be a filter's own, the ones before stay.
  virtual Status set_filters(const VswitchName& which,
                             const std::vector<FilterSettings>& filters) = 0;
  /// None: frames are not copied to a port any longer. `invalid_argument` for a filter that cannot
  /// be run.
  virtual Status set_mirror(const VswitchName& which,
                            const std::optional<MirrorSettings>& mirror) = 0;
  virtual Status set_port_vlan(const VswitchName& which, std::uint32_t port,
                               std::optional<std::uint32_t> vlan) = 0;
  virtual Status set_port_trunk(const VswitchName& which, std::uint32_t port,
                                const std::string& trunk) = 0;
  virtual Status set_port_queue_pairs(const VswitchName& which, std::uint32_t port,
                                      std::uint32_t pairs) = 0;
  virtual Status set_port_rings(const VswitchName& which, std::uint32_t port, bool packed) = 0;
  virtual Status change_port(const VswitchName& which, std::uint32_t port,
                             const PortChange& change) = 0;
  /// Notes what a port, or every port and the backing interface, has counted, and returns the
  /// vswitch with these counters and what was noted before.
  virtual Result<VswitchStatus> clear_counters(const VswitchName& which,
                                               std::optional<std::uint32_t> port) = 0;
  virtual Result<std::vector<MacEntry>> mac_table(const VswitchName& which) const = 0;

  virtual std::vector<PluginStatus> plugins() const = 0;  ///< by file

  virtual std::vector<GuestStatus> guests() const = 0;  ///< by number
  virtual Result<GuestStatus> guest(const std::string& name) const = 0;
  // Those that make or change a guest return it as it is then, with warnings.
  virtual Result<GuestStatus> create_guest(const std::string& name,
                                           const std::vector<VnicRequest>& vnics) = 0;
  virtual Result<GuestStatus> clone_guest(const std::string& source, const std::string& name,
                                          const GuestChange& change) = 0;
  virtual Result<GuestStatus> modify_guest(const std::string& name, const GuestChange& change,
                                           Manner manner) = 0;
  virtual Status remove_guest(const std::string& name, bool force) = 0;
  /// What attaches all vNICs of a guest, in their order. Where an adaptor needs it, the guest gets
  /// shared memory by it.
  virtual Result<Attachment> attachment(const std::string& name,
                                        const AttachmentRequest& request) const = 0;

  virtual Configuration configuration() const = 0;
  /// What apply_configuration() would do, and what stands against it.
  virtual Result<ConfigurationPlan> plan_configuration(const Configuration& wanted,
                                                       bool force) const = 0;
  /// `force`: even where it takes ports away from attached guests, or interfaces cannot be used at
  /// present.
  virtual Result<ConfigurationPlan> apply_configuration(const Configuration& wanted,
                                                        bool force) = 0;
  /// Begins to copy frames of a vswitch, for one reader; ends when that closes it, or soon after it
  /// has let go of it. `resource_exhausted` where there are kMostCaptures already.
  virtual Result<std::shared_ptr<Capture>> start_capture(const VswitchName& which,
                                                         CaptureRequest request) = 0;
  static constexpr std::size_t kMostCaptures = 8;

  /// What would become of a frame that came in by a port. `failed_precondition` where that is not
  /// attached.
  virtual Result<Trace> trace(const VswitchName& which, std::uint32_t port,
                              std::span<const std::byte> frame) const = 0;

  /// What has happened; lives as long as the commands do.
  virtual const EventJournal& events() const = 0;
  virtual std::vector<WorkerStatus> workers() const = 0;  ///< by number
  /// What passes the ports of vswitches with these names, or of all where there are none. Cheaper
  /// than their status.
  virtual std::vector<VswitchTraffic> traffic(const std::vector<std::string>& vswitches) const = 0;
};

}  // namespace hpvmnet
