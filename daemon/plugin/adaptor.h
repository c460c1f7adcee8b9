#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/mac_address.h"
#include "base/result.h"
#include "base/socket_access.h"
#include "plugin/event_loop.h"
#include "plugin/port.h"
#include "plugin/port_condition.h"

namespace hpvmnet {

/// The port by which a vswitch is joined to its backing interface.
inline constexpr unsigned kUplinkNumber = 512;

/// Where a port is to be opened: desired state, a plain value.
struct PortSpec {
  std::string vswitch;              ///< name of the vswitch
  unsigned number = 0;              ///< 0 to 511, or kUplinkNumber
  std::filesystem::path directory;  ///< exists; the port's sockets go here, named after its number
  /// What the port connects to, in its adaptor's own terms; empty: the adaptor's default.
  std::string endpoint{};
  /// Address of the vNIC on the port, where one alone reserves it and Adaptor::uses_mac().
  std::optional<MacAddress> mac{};
  /// Whether guests may use packed virtqueues, too; kinds of port without such rings ignore it.
  bool packed_rings = false;
  /// Pairs of queues that the port is to have, 1 to 16; 1 unless Adaptor::uses_queue_pairs().
  std::uint32_t queue_pairs = 1;
  /// How, in its adaptor's own terms; empty: the adaptor chooses.
  std::string mode{};
  /// Who may connect to the port's sockets.
  SocketAccess access{};
  bool operator==(const PortSpec&) const = default;

  /// directory / "NUMBER.sock", the documented place of the port's socket.
  std::filesystem::path socket() const { return directory / (std::to_string(number) + ".sock"); }
};

/// A guest's vNIC on a port, as far as it matters for the guest's command line.
struct AttachmentSpec {
  PortSpec port;
  std::string id;  ///< unique within the guest: letters, digits and dashes
  MacAddress mac;
  /// That the hypervisor is to give it, 1 to 16; kinds of port that have but one ignore it.
  std::uint32_t queue_pairs = 1;
  /// The hypervisor emulates the guest's processor: QEMU without KVM.
  bool emulated = false;
};

/// A vNIC in libvirt's domain XML. Elements are lines, each ending with '\n'; empty ones are left
/// out.
struct LibvirtDevice {
  std::string interface;      ///< an <interface>
  std::string qemu_override;  ///< a <qemu:device> that changes it
  /// What libvirt has no words for: it hands these to QEMU, one element an argument. A -device is
  /// written as JSON. One that is not is made before libvirt's own devices and takes a place on the
  /// bus that libvirt has given to one of them, which ends QEMU.
  std::vector<std::string> qemu_arguments;
};

/// What a port may ask of the daemon: its host. One for each port; outlives it. Control thread
/// only.
class PortHost {
 public:
  virtual ~PortHost() = default;

  virtual EventLoop& loop() = 0;

  /// Says whether a guest is there (its hypervisor is connected), which users see as the port's
  /// state. A port starts without.
  virtual void set_peer(bool present) = 0;

  /// Replaces what users see of the port's condition.
  virtual void set_condition(PortCondition condition) = 0;

  /// Hands ingress queues 0 to n-1 to workers and opens the port for egress. A worker calls
  /// receive() for queue i until there is nothing more, and again after `wake_descriptors[i]` has
  /// signalled (edge-triggered; the descriptor stays the caller's). Must be stopped.
  virtual void start_queues(std::span<const int> wake_descriptors) = 0;

  /// Takes them back. When it returns, no worker is inside a method of the port or will enter one.
  /// Does nothing on a stopped port.
  virtual void stop_queues() = 0;

  /// Returns when every call into the port that was under way has ended. New ones may have begun.
  virtual void synchronize() = 0;

  /// For the port's log lines; they carry its name.
  virtual Log& log() = 0;
};

/// A kind of port: what a plugin provides. Control thread only.
class Adaptor {
 public:
  virtual ~Adaptor() = default;

  /// As in resource strings: network:NAME:... Lower case, unique among plugins.
  virtual std::string_view name() const = 0;

  /// Whether guests' vNICs can have it.
  virtual bool for_guests() const { return true; }

  /// Judges a port without touching the system, so that a change can be refused whole.
  virtual Status check(const PortSpec& spec) const = 0;

  /// Judges a port against the system as it is, so that an administrator hears of a mistake when
  /// making it. A port that was accepted once is opened all the same: it waits until the system is
  /// as it needs.
  virtual Status check_system(const PortSpec& /*spec*/) const { return {}; }

  /// Opens a port and waits for a guest there. All or nothing: on error the system is as it was.
  /// `host` outlives the port.
  virtual Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host) = 0;

  /// What a port's peer connects to, for users to see: a socket's path; empty where there is none.
  virtual std::filesystem::path socket(const PortSpec& spec) const {
    return spec.endpoint.empty() ? spec.socket() : std::filesystem::path();
  }
  /// What a port connects to, likewise: the endpoint, or what it is by default.
  virtual std::string endpoint(const PortSpec& spec) const { return spec.endpoint; }

  /// The QEMU arguments that attach a vNIC, one element an argument. None where the port has its
  /// peer without a hypervisor.
  virtual std::vector<std::string> qemu_arguments(const AttachmentSpec& vnic) const = 0;

  /// The vNIC in a domain of libvirt. What is not overridden has qemu_arguments() as they are.
  virtual LibvirtDevice libvirt_device(const AttachmentSpec& vnic) const {
    return {.interface = {}, .qemu_override = {}, .qemu_arguments = qemu_arguments(vnic)};
  }

  /// The value of cloud-hypervisor's --net that attaches a vNIC; empty where it cannot.
  virtual std::string cloud_hypervisor_net(const AttachmentSpec& /*vnic*/) const { return {}; }

  /// Whether the guest's memory must be shared with the daemon for this kind of port.
  virtual bool needs_shared_memory() const = 0;

  /// Whether a port takes the address of its vNIC for its own (PortSpec::mac). Such a port is
  /// opened anew where the address changes.
  virtual bool uses_mac() const { return false; }

  /// Whether a port has as many queues as its settings say (PortSpec::queue_pairs), rather than as
  /// many as its peer starts. Such a port is opened anew where the number changes.
  virtual bool uses_queue_pairs() const { return false; }
};

}  // namespace hpvmnet
