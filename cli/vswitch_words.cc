#include "cli/vswitch_words.h"

#include "cli/mac.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

// A vswitch without a backing interface has no address of its own.
constexpr const char* kNoAddress = "N/A";

}  // namespace

std::string mac_text(const v1::Vswitch& vswitch) {
  if (!vswitch.has_backing()) return kNoAddress;
  const auto mac = Mac::parse(vswitch.backing().mac_address());
  return mac ? mac->hexadecimal() : "0x000000000000";
}

std::string ip_text(const v1::Vswitch& vswitch) {
  const std::string& address = vswitch.backing().ipv4_address();
  return address.empty() ? kNoAddress : address;
}

std::string vlan_text(const v1::Backing& backing) {
  return backing.has_vlan_id() ? std::to_string(backing.vlan_id()) : "all";
}
std::string state_text(const v1::Vswitch& vswitch) {
  return vswitch.state() == v1::Vswitch::STATE_UP ? "Up" : "Down";
}

std::string state_text(const v1::Port& port) {
  switch (port.state()) {
    case v1::Port::STATE_ACTIVE:
      return "Active";
    case v1::Port::STATE_RESERVED:
      return "Reserved";
    default:
      return "Down";
  }
}

std::string vlan_text(const v1::Port& port) {
  return port.has_vlan_id() ? std::to_string(port.vlan_id()) : "none";
}

std::string rings_text(const v1::Port& port) {
  return port.rings() == v1::Port::RINGS_PACKED ? "packed" : "split";
}

// The port to the backing interface stands behind the others.
std::string port_number_text(std::uint32_t port) {
  return port < kPortsPerVswitch ? std::to_string(port) : "uplink";
}

std::string trunk_text(const v1::Port& port) {
  return port.trunk().empty() ? "none" : port.trunk();
}

std::uint64_t dropped(const v1::PortCounters& counters) {
  std::uint64_t frames = 0;
  for (const v1::DropCounter& drop : counters.drops()) frames += drop.frames();
  return frames;
}

}  // namespace hpvmnet::cli
