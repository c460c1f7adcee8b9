#include "uplink/promiscuity.h"

#include <cerrno>

#include <linux/if_packet.h>
#include <sys/socket.h>

namespace hpvmnet::uplink {

Result<Fd> make_promiscuous(int interface) {
  Fd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));  // of no protocol: nothing arrives
  packet_mreq request{};
  request.mr_ifindex = interface;
  request.mr_type = PACKET_MR_PROMISC;
  if (!socket || ::setsockopt(socket.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request,
                              sizeof request) != 0) {
    return system_failure("cannot make the interface promiscuous, so it takes no frames for guests",
                          errno);
  }
  return socket;
}

}  // namespace hpvmnet::uplink
