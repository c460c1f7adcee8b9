#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/mac_address.h"
#include "base/result.h"
#include "frame/frame.h"

namespace hpvmnet::host {

/// A tap interface of the host: what its stack sends comes out of a descriptor, with a
/// virtio_net_hdr, and back. Of several descriptors the kernel chooses, for each flow, that by
/// which the other direction came last. It ends with the last descriptor, so a daemon that dies
/// leaves none. Made in the network namespace of the calling thread.
struct Tap {
  /// What the kernel takes in a frame that is written.
  static constexpr OffloadSet kOffloads =
      offload::checksum | offload::tcp4 | offload::tcp6 | offload::ecn;

  std::string name;
  int index = 0;
  std::vector<Fd> queues;  ///< non-blocking

  /// `pattern`: a name, or one with %d for a number that is free; `queues`: how many, at least one.
  /// The interface is down.
  static Result<Tap> make(const std::string& pattern, std::size_t queues);
  /// Whether the interface still exists, in whichever network namespace.
  bool exists() const;
};

/// Brings an interface up or down. Control thread.
Status set_interface_up(const std::string& name, bool up);
Status set_interface_mac(const std::string& name, MacAddress mac);
/// Has the kernel do nothing by itself on an interface: no IPv6, no ARP.
Status make_silent(const std::string& name);

}  // namespace hpvmnet::host
