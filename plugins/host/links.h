#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/mac_address.h"
#include "base/result.h"
#include "plugin/event_loop.h"

struct mnl_socket;
struct nlmsghdr;

namespace hpvmnet::host {

/// A network interface, as the kernel describes it.
struct Link {
  int index = 0;
  std::string name;
  std::string kind;  ///< "veth", "bond", "vlan", ...; empty for hardware
  bool up = false;   ///< administratively
  bool carrier = false;
  unsigned mtu = 0;
  MacAddress mac;
  int lower = 0;   ///< index of the interface that it is stacked upon; 0: none
  int master = 0;  ///< index of the bridge or bond that it is in; 0: none
  bool operator==(const Link&) const = default;
};

/// The interfaces of the network namespace that the calling thread was in when this was made, kept
/// up to date by the kernel's messages (rtnetlink). Control thread only.
class Links {
 public:
  /// `changed` is called after each change, the first time when all are known.
  static Result<std::unique_ptr<Links>> watch(EventLoop& loop, std::function<void()> changed);
  ~Links();

  /// Whether it is known which interfaces there are.
  bool known() const noexcept { return known_; }
  const Link* find(std::string_view name) const;
  const Link* find(int index) const;
  const std::map<int, Link>& all() const noexcept { return links_; }

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  using Socket = std::unique_ptr<mnl_socket, Close>;

  Links(Socket socket, std::function<void()> changed);
  Status ask_for_all();
  void read();
  void take(const nlmsghdr& message);

  Socket socket_;
  std::function<void()> changed_;
  std::map<int, Link> links_;  // by index
  bool known_ = false;
  std::unique_ptr<Watch> watch_;
};

}  // namespace hpvmnet::host
