#include "process/host_interfaces.h"

#include <cstdint>
#include <memory>

#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>

namespace hpvmnet {
namespace {

bool has_address(const ifaddrs& interface, const MacAddress& mac) {
  if (interface.ifa_addr == nullptr || interface.ifa_addr->sa_family != AF_PACKET) return false;
  const auto& link = reinterpret_cast<const sockaddr_ll&>(*interface.ifa_addr);
  if (link.sll_halen != ETH_ALEN) return false;
  std::uint64_t value = 0;
  for (int i = 0; i < ETH_ALEN; ++i) value = value << 8 | link.sll_addr[i];
  return MacAddress(value) == mac;
}

}  // namespace

std::string interface_with(const MacAddress& mac) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    if (has_address(*each, mac)) return each->ifa_name;
  }
  return {};
}

}  // namespace hpvmnet
