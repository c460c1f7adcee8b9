#include "host/tap.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace hpvmnet::host {
namespace {

// Of the virtio_net_hdr before each frame: that of virtio 1, with the number of buffers.
constexpr int kHeaderLength = 12;
constexpr short kFlags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
constexpr unsigned kTunOffloads = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;

ifreq request_for(const std::string& name) {
  ifreq request{};
  name.copy(request.ifr_name, sizeof request.ifr_name - 1);
  return request;
}

// The first queue makes the interface, and puts the name that the kernel has chosen into the
// request.
Result<Fd> open_queue(ifreq& request) {
  Fd queue(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!queue) return system_failure("cannot open /dev/net/tun", errno);
  int length = kHeaderLength;
  if (::ioctl(queue.get(), TUNSETIFF, &request) != 0 ||
      ::ioctl(queue.get(), TUNSETVNETHDRSZ, &length) != 0 ||
      ::ioctl(queue.get(), TUNSETOFFLOAD, kTunOffloads) != 0) {
    return system_failure(fmt::format("cannot make tap interface {}", request.ifr_name), errno);
  }
  return queue;
}

Status change_flags(const std::string& name, short clear, short set) {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = request_for(name);
  if (!socket || ::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0) {
    return system_failure(fmt::format("cannot read the flags of interface {}", name), errno);
  }
  request.ifr_flags = static_cast<short>((request.ifr_flags & ~clear) | set);
  if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0) return {};
  return system_failure(fmt::format("cannot change the flags of interface {}", name), errno);
}

}  // namespace

Result<Tap> Tap::make(const std::string& pattern, std::size_t queues) {
  Tap tap;
  ifreq request = request_for(pattern);
  request.ifr_flags = queues > 1 ? kFlags | IFF_MULTI_QUEUE : kFlags;
  while (tap.queues.size() < queues) {
    auto queue = open_queue(request);
    if (!queue) return tl::unexpected(queue.error());
    tap.queues.push_back(*std::move(queue));
  }
  tap.name = request.ifr_name;
  tap.index = static_cast<int>(::if_nametoindex(tap.name.c_str()));
  return tap;
}

bool Tap::exists() const {
  ifreq request{};
  return !queues.empty() && ::ioctl(queues.front().get(), TUNGETIFF, &request) == 0;
}

Status set_interface_up(const std::string& name, bool up) {
  return up ? change_flags(name, 0, IFF_UP) : change_flags(name, IFF_UP, 0);
}

Status set_interface_mac(const std::string& name, MacAddress mac) {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = request_for(name);
  request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
  for (std::size_t i = 0; i < 6; ++i) {
    request.ifr_hwaddr.sa_data[i] = static_cast<char>(mac.value() >> (40 - 8 * i) & 0xff);
  }
  if (socket && ::ioctl(socket.get(), SIOCSIFHWADDR, &request) == 0) return {};
  return system_failure(fmt::format("cannot give interface {} its MAC address", name), errno);
}

Status make_silent(const std::string& name) {
  const auto file = fmt::format("/proc/sys/net/ipv6/conf/{}/disable_ipv6", name);
  if (std::filesystem::exists(file) && !(std::ofstream(file) << '1' << std::flush)) {
    return system_failure(fmt::format("cannot write {}", file), errno);
  }
  return change_flags(name, 0, IFF_NOARP);
}

}  // namespace hpvmnet::host
