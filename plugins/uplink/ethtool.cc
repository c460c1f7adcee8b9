#include "uplink/ethtool.h"

#include <algorithm>

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/fd.h"

namespace hpvmnet::uplink {
namespace {

bool ask(const std::string& interface, void* command) {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  interface.copy(request.ifr_name, sizeof request.ifr_name - 1);
  request.ifr_data = static_cast<char*>(command);
  return socket && ::ioctl(socket.get(), SIOCETHTOOL, &request) == 0;
}

}  // namespace

unsigned receive_queues(const std::string& interface) {
  ethtool_channels channels{};
  channels.cmd = ETHTOOL_GCHANNELS;
  if (!ask(interface, &channels)) return 1;
  return std::max(1U, channels.combined_count + channels.rx_count);
}

bool strips_tags(const std::string& interface) {
  ethtool_value flags{};
  flags.cmd = ETHTOOL_GFLAGS;
  return ask(interface, &flags) && (flags.data & ETH_FLAG_RXVLAN) != 0;
}

}  // namespace hpvmnet::uplink
