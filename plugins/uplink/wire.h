#pragma once

#include <span>
#include <string>

#include "plugin/port.h"
#include "uplink/host_addresses.h"

namespace hpvmnet::uplink {

/// The network's side of an interface: what arrives for others than the host, and what leaves for
/// the network. The rules for threads are those of Port.
class Wire {
 public:
  virtual ~Wire() = default;

  virtual void receive(QueueId queue, Burst& burst, Tally& tally) noexcept = 0;
  virtual void release(QueueId queue) noexcept = 0;
  virtual void send(std::span<const Frame* const> frames, Tally& tally) noexcept = 0;
  virtual Wait park(QueueId queue) noexcept = 0;

  /// One for each ingress queue; they stay the wire's.
  virtual std::span<const int> wake_descriptors() const noexcept = 0;
  virtual OffloadSet offloads() const noexcept = 0;
  /// Those by which the host is reached, whose frames it has to leave to it. Control thread.
  virtual void set_host_addresses(const HostAddresses::List& /*addresses*/) {}
  /// As users see it: "packet", "xdp zero-copy"...
  virtual std::string mode() const = 0;
};

}  // namespace hpvmnet::uplink
