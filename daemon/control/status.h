#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/model.h"
#include "frame/drop.h"
#include "plugin/port_condition.h"

namespace hpvmnet {

// The observed state: plain values that the controller hands out and the rpc layer translates.

/// Sums over all workers. The meanings are those of Tally.
struct PortCounters {
  std::uint64_t ingress_frames = 0;
  std::uint64_t ingress_bytes = 0;
  std::uint64_t ingress_bursts = 0;
  std::uint64_t egress_frames = 0;
  std::uint64_t egress_bytes = 0;
  std::uint64_t egress_bursts = 0;
  std::array<std::uint64_t, kDropReasonCount> drops{};  ///< by Drop

  PortCounters& operator+=(const PortCounters& other) noexcept {
    ingress_frames += other.ingress_frames;
    ingress_bytes += other.ingress_bytes;
    ingress_bursts += other.ingress_bursts;
    egress_frames += other.egress_frames;
    egress_bytes += other.egress_bytes;
    egress_bursts += other.egress_bursts;
    for (std::size_t i = 0; i < drops.size(); ++i) drops[i] += other.drops[i];
    return *this;
  }
};

enum class PortState : unsigned char {
  down,      ///< a guest is attached but its vswitch is down, or nobody reserves the port
  reserved,  ///< guests name the port, none is attached
  active,    ///< a running guest uses it
};

struct PortStatus {
  PortNumber number = 0;
  PortState state = PortState::down;
  std::string adaptor;                ///< empty where no guest reserves the port
  std::optional<VlanId> vlan;         ///< of frames without a tag
  std::string trunk;                  ///< VLANs of frames with one, as VlanSet::text() writes them
  std::uint32_t queue_pairs = 1;      ///< that a guest's vNIC is to have
  bool packed_rings = false;          ///< guests may use packed virtqueues besides split ones
  std::vector<std::string> reserved;  ///< names of the guests, in the order of names
  std::string active;                 ///< the attached guest; empty: none, or not yet known
  std::string socket;             ///< as Adaptor::socket(); empty where no guest reserves the port
  std::string endpoint;           ///< as Adaptor::endpoint(); likewise
  bool blocked = false;           ///< for a while, because of a loop
  std::vector<unsigned> workers;  ///< that its ingress queues are with, by queue
  PortCounters counters;          ///< since it was opened
  std::optional<PortCounters> cleared;  ///< what they were when they were cleared last; none: never
};

struct BackingStatus {
  Backing backing;
  PortCondition condition;  ///< empty while the vswitch is down
  PortCounters counters;
  std::optional<PortCounters> cleared;  ///< as of a port
};

/// A multicast group and who wants it.
struct MulticastGroup {
  std::string address;
  std::optional<VlanId> vlan;
  std::vector<PortNumber> ports;
};

struct FilterStatus {
  FilterSettings settings;
  std::string remark;  ///< why it cannot be used, and every frame is dropped; empty: it can
};

struct VswitchStatus {
  std::string name;
  std::uint32_t number = 0;
  bool up = false;
  std::vector<PortStatus> ports;    ///< reserved ones and those with settings, by number
  std::uint64_t mac_addresses = 0;  ///< entries of its MAC table
  std::optional<BackingStatus> backing;
  MulticastPolicy multicast = MulticastPolicy::snoop;
  std::vector<FilterStatus> filters;  ///< in the order in which frames meet them
  std::optional<MirrorSettings> mirror{};
  std::vector<MulticastGroup> multicast_groups;  ///< of a single vswitch's status only
};

/// What passes an open port.
struct PortTraffic {
  PortNumber number = 0;  ///< of a guest's port, or kUplinkPort
  std::string guest;      ///< that is attached; empty: none, or not known
  std::string adaptor;
  bool active = false;            ///< its peer is there
  std::vector<unsigned> workers;  ///< that its ingress queues are with, by queue
  PortCounters counters;
};

struct VswitchTraffic {
  std::string name;
  std::vector<PortTraffic> ports;  ///< by number
};

/// A worker, since it started. The shares of a period are the ratios of differences.
struct WorkerStatus {
  std::optional<unsigned> cpu;  ///< that it is pinned to
  std::uint64_t busy_ns = 0;    ///< moving frames, rather than finding none or asleep
  std::uint64_t total_ns = 0;
};

struct MacEntry {
  MacAddress mac;
  std::optional<VlanId> vlan;
  PortNumber port = 0;
  std::uint32_t age_seconds = 0;  ///< since a frame with this source was last seen
  std::string vswitch{};
  std::string guest{};  ///< whose vNIC has it, or who is attached to the port; empty: unknown
};

/// What applying a configuration does, or would do.
struct ConfigurationPlan {
  std::vector<std::string> changes;  ///< sentences
  std::string objection;             ///< why it would be refused without force; empty: it is not
};

/// What a user should know of a change that was made: sentences without a full stop.
using Warnings = std::vector<std::string>;

struct GuestStatus {
  Guest guest;
  bool active = false;            ///< it is attached to one of its ports
  std::vector<bool> vnic_active;  ///< by index of guest.vnics
  Warnings warnings;              ///< of the answer to a change only
};

enum class Hypervisor : unsigned char { qemu, libvirt, cloud_hypervisor };

/// What a hypervisor is to be told of a guest.
struct AttachmentRequest {
  Hypervisor hypervisor = Hypervisor::qemu;
  std::uint64_t memory_mib = 0;  ///< of the guest, where it must be shared with the daemon
  bool emulated = false;         ///< the hypervisor emulates the guest's processor
};

/// How a hypervisor attaches the vNICs of a guest.
struct Attachment {
  std::vector<std::string> arguments;  ///< of its command line, one element an argument
  std::string text;                    ///< of libvirt: a domain with what the vNICs need in it
  Warnings warnings;
};

}  // namespace hpvmnet
