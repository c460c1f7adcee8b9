#include "host/links.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

namespace hpvmnet::host {
namespace {

MacAddress read_mac(const nlattr* attribute) {
  if (mnl_attr_get_payload_len(attribute) != 6) return {};
  std::array<std::uint8_t, 6> bytes{};
  std::memcpy(bytes.data(), mnl_attr_get_payload(attribute), bytes.size());
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return MacAddress(value);
}

int read_kind(const nlattr* attribute, void* to) {
  if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND) {
    static_cast<Link*>(to)->kind = mnl_attr_get_str(attribute);
  }
  return MNL_CB_OK;
}

int read_attribute(const nlattr* attribute, void* to) {
  Link& link = *static_cast<Link*>(to);
  switch (mnl_attr_get_type(attribute)) {
    case IFLA_IFNAME:
      link.name = mnl_attr_get_str(attribute);
      break;
    case IFLA_MTU:
      link.mtu = mnl_attr_get_u32(attribute);
      break;
    case IFLA_ADDRESS:
      link.mac = read_mac(attribute);
      break;
    case IFLA_LINK:
      link.lower = static_cast<int>(mnl_attr_get_u32(attribute));
      break;
    case IFLA_MASTER:
      link.master = static_cast<int>(mnl_attr_get_u32(attribute));
      break;
    case IFLA_CARRIER:
      link.carrier = mnl_attr_get_u8(attribute) != 0;
      break;
    case IFLA_LINKINFO:
      mnl_attr_parse_nested(attribute, read_kind, to);
      break;
    default:
      break;
  }
  return MNL_CB_OK;
}

}  // namespace

void Links::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Result<std::unique_ptr<Links>> Links::watch(EventLoop& loop, std::function<void()> changed) {
  Socket socket(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket ||
      mnl_socket_bind(socket.get(), RTMGRP_LINK | RTMGRP_IPV4_IFADDR, MNL_SOCKET_AUTOPID) != 0) {
    return system_failure("cannot watch the host's interfaces", errno);
  }
  const int descriptor = mnl_socket_get_fd(socket.get());
  std::unique_ptr<Links> links(new Links(std::move(socket), std::move(changed)));
  if (Status asked = links->ask_for_all(); !asked) return tl::unexpected(asked.error());
  links->watch_ = loop.watch_readable(descriptor, [self = links.get()] { self->read(); });
  return links;
}

Links::Links(Socket socket, std::function<void()> changed)
    : socket_(std::move(socket)), changed_(std::move(changed)) {}

Links::~Links() = default;

const Link* Links::find(std::string_view name) const {
  const auto found =
      std::ranges::find(links_, name, [](const auto& each) { return each.second.name; });
  return found == links_.end() ? nullptr : &found->second;
}

const Link* Links::find(int index) const {
  const auto found = links_.find(index);
  return found == links_.end() ? nullptr : &found->second;
}

Status Links::ask_for_all() {
  known_ = false;
  links_.clear();
  alignas(nlmsghdr) std::array<char, 64> memory{};  // a header and an ifinfomsg
  nlmsghdr* const request = mnl_nlmsg_put_header(memory.data());
  request->nlmsg_type = RTM_GETLINK;
  request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  mnl_nlmsg_put_extra_header(request, sizeof(ifinfomsg));
  if (mnl_socket_sendto(socket_.get(), request, request->nlmsg_len) > 0) return {};
  return system_failure("cannot ask for the host's interfaces", errno);
}

void Links::read() {
  alignas(nlmsghdr) std::array<char, 32 * 1024> memory;
  bool news = false;
  for (;;) {
    const ssize_t length = mnl_socket_recvfrom(socket_.get(), memory.data(), memory.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno == ENOBUFS) {  // messages were lost
      if (!ask_for_all()) return;
      continue;
    }
    if (length <= 0) break;
    int left = static_cast<int>(length);
    for (const auto* each = reinterpret_cast<const nlmsghdr*>(memory.data());
         mnl_nlmsg_ok(each, left); each = mnl_nlmsg_next(each, &left)) {
      take(*each);
      news = true;
    }
  }
  if (news && known_) changed_();
}

void Links::take(const nlmsghdr& message) {
  if (message.nlmsg_type == NLMSG_DONE) known_ = true;
  if (message.nlmsg_type != RTM_NEWLINK && message.nlmsg_type != RTM_DELLINK) return;
  const auto& information = *static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(&message));
  if (information.ifi_family == AF_BRIDGE) return;  // a port's, not the interface's
  if (message.nlmsg_type == RTM_DELLINK) {
    links_.erase(information.ifi_index);
    return;
  }
  Link link;
  link.index = information.ifi_index;
  link.up = (information.ifi_flags & IFF_UP) != 0;
  mnl_attr_parse(&message, sizeof information, read_attribute, &link);
  links_[link.index] = std::move(link);
}

}  // namespace hpvmnet::host
