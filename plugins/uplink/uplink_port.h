#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/fd.h"
#include "host/links.h"
#include "plugin/adaptor.h"
#include "uplink/host_addresses.h"
#include "uplink/host_side.h"
#include "uplink/wire.h"

namespace hpvmnet::uplink {

/// The port by which a vswitch is joined to a host interface, which the host goes on using: one
/// side to the network, one to the host (README.md has the drawing). It is there while the
/// interface is, follows what happens to that, and says how it fares.
class UplinkPort final : public Port {
 public:
  static Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host);
  ~UplinkPort() override;

  // The wire's queues, then the host's.
  void receive(QueueId queue, Burst& burst, Tally& tally) noexcept override;
  void release(QueueId queue) noexcept override;
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override;
  OffloadSet offloads() const noexcept override;
  Wait park(QueueId queue) noexcept override;
  void set_company(bool present) override;

 private:
  UplinkPort(const PortSpec& spec, PortHost& host);

  bool is_host_queue(QueueId queue) const noexcept { return queue == wire_queues_; }
  const host::Link* find_interface() const;
  void look();
  void follow(const host::Link& link);
  void attach(const host::Link& link);
  void detach();
  void wait(std::string why);
  void try_again(const std::string& problem);
  void update_promiscuity();
  void describe(const host::Link& link);
  void set_host_addresses(const host::Link& link, const std::function<void()>& wait);
  HostAddresses::List addresses_of(const host::Link& link) const;

  PortHost& host_;
  const std::string name_;
  const std::string mode_;
  std::unique_ptr<host::Links> links_;
  std::unique_ptr<Watch> retry_;

  // There while the interface can be used; changed only while the queues are stopped:
  int index_ = 0;  // 0: it is not in use
  int last_index_ = 0;
  unsigned mtu_ = 0;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<HostSide> host_side_;
  QueueId wire_queues_ = 0;
  std::string remark_;  // of the wire
  bool company_ = false;
  Fd promiscuity_;                   // the interface is promiscuous while it is open
  std::unique_ptr<Watch> farewell_;  // while the last company may come back

  HostAddresses host_addresses_;
  std::string last_problem_;
};

}  // namespace hpvmnet::uplink
