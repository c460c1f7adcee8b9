#pragma once

#include <string>

namespace hpvmnet::uplink {

// What the ethtool ioctl tells of an interface. Control thread.

/// Receive queues; 1 where the driver does not say.
unsigned receive_queues(const std::string& interface);
/// Whether the card takes VLAN tags off before anybody sees the frame.
bool strips_tags(const std::string& interface);

}  // namespace hpvmnet::uplink
