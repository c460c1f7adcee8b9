#include "unit/offload/kernel_segmenter.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace hpvmnet::test {
namespace {

constexpr char kName[] = "tap0";

void require(bool good, const char* what) {
  if (!good) throw std::system_error(errno, std::generic_category(), what);
}

ifreq request() {
  ifreq made{};
  std::copy(std::begin(kName), std::end(kName), made.ifr_name);
  return made;
}

}  // namespace

KernelSegmenter::KernelSegmenter() {
  require(::unshare(CLONE_NEWNET) == 0, "unshare");
  tap_.reset(::open("/dev/net/tun", O_RDWR | O_CLOEXEC));
  require(static_cast<bool>(tap_), "/dev/net/tun");
  ifreq tap = request();
  tap.ifr_flags = IFF_TAP | IFF_NO_PI;
  require(::ioctl(tap_.get(), TUNSETIFF, &tap) == 0, "TUNSETIFF");
  require(::ioctl(tap_.get(), TUNSETOFFLOAD, 0) == 0, "TUNSETOFFLOAD");
  std::ofstream("/proc/sys/net/ipv6/conf/tap0/disable_ipv6") << 1;  // says nothing of its own

  socket_.reset(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  require(static_cast<bool>(socket_), "packet socket");
  const int yes = 1;
  require(::setsockopt(socket_.get(), SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof yes) == 0,
          "PACKET_VNET_HDR");
  ifreq up = request();
  up.ifr_flags = IFF_UP;
  require(::ioctl(socket_.get(), SIOCSIFFLAGS, &up) == 0, "SIOCSIFFLAGS");
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(::if_nametoindex(kName));
  require(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
          "bind");
}

void KernelSegmenter::send(const SegmentFrame& frame) {
  Offload offload = frame.offload;
  iovec pieces[]{{&offload, sizeof offload},
                 {const_cast<Bytes::value_type*>(frame.bytes.data()), frame.bytes.size()}};
  require(::writev(socket_.get(), pieces, 2) > 0, "send");
}

std::optional<Bytes> KernelSegmenter::receive() {
  pollfd ready{tap_.get(), POLLIN, 0};
  if (::poll(&ready, 1, 1000) <= 0) return std::nullopt;
  Bytes frame(70'000);
  const ssize_t size = ::read(tap_.get(), frame.data(), frame.size());
  if (size < 0) return std::nullopt;
  frame.resize(static_cast<std::size_t>(size));
  return frame;
}

}  // namespace hpvmnet::test
