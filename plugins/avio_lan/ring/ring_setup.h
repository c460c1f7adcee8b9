#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "avio_lan/memory/guest_memory.h"

namespace hpvmnet::avio_lan {

/// Everything that the packet path needs to know of a ring (virtio 1.2, clauses 2.7 and 2.8). A
/// plain value; the session fills it, a ring keeps it from its making to its end.
struct RingSetup {
  std::shared_ptr<const GuestMemory> memory;
  std::byte* descriptors = nullptr;  ///< 16 bytes an entry, aligned to 16
  std::byte* available = nullptr;    ///< 6 + 2 * size bytes, aligned to 2; packed: 4 of the driver
  std::byte* used = nullptr;         ///< 6 + 8 * size bytes, aligned to 4; packed: 4 of the device
  std::uint32_t size = 0;            ///< a power of two, 1 to 32768
  std::uint16_t next_available = 0;  ///< position of the first entry to process
  bool packed = false;               ///< VIRTIO_F_RING_PACKED
  bool recovering = false;           ///< packed: next_available is only good for a new ring
  std::uint32_t header_length = 12;  ///< of virtio_net_hdr: 12, or 10 in the legacy form
  bool mergeable = false;            ///< VIRTIO_NET_F_MRG_RXBUF
  bool offloads = false;             ///< VIRTIO_NET_F_CSUM: the headers of what it sends count
  bool event_index = false;          ///< VIRTIO_F_EVENT_IDX
  bool enabled = true;               ///< disabled: ingress is consumed and dropped, egress refused
  int call = -1;                     ///< eventfd that interrupts the guest; -1: the guest polls
};

}  // namespace hpvmnet::avio_lan
