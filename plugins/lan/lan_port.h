#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "lan/datagram_end.h"
#include "lan/link.h"
#include "plugin/adaptor.h"

namespace hpvmnet::lan {

/// A port for an emulated vNIC: a listening stream socket and a datagram socket beside it, at one
/// of which a guest's hypervisor attaches. One at a time: the first to come has the port until it
/// leaves.
class LanPort final : public Port {
 public:
  static Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host);
  ~LanPort() override;

  void receive(QueueId /*queue*/, Burst& burst, Tally& tally) noexcept override {
    link_->receive(burst, tally);
  }
  void release(QueueId /*queue*/) noexcept override {}  // the memory is the link's own
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override {
    link_->send(frames, tally);
  }
  Wait park(QueueId /*queue*/) noexcept override { return link_->park(); }

 private:
  LanPort(const PortSpec& spec, PortHost& host, Fd listener,
          std::unique_ptr<DatagramEnd> datagrams);

  void watch_for_guests();
  void connection_waits();
  void attach_stream(Fd connection);
  void datagram_waits();
  void try_datagrams();
  void look_around();
  void attach(std::unique_ptr<Link> link, const std::string& how);
  void link_ended();
  void detach(const std::string& why);
  void refuse(const std::string& whom);

  PortHost& host_;
  const std::filesystem::path path_;
  Fd listener_;
  std::unique_ptr<DatagramEnd> datagrams_;
  std::unique_ptr<Signal> ended_;
  std::unique_ptr<Link> link_;  // changes only while the queues are stopped
  bool by_datagrams_ = false;   // what link_ is, where there is one
  bool refused_ = false;        // somebody, since the last look around
  std::unique_ptr<Watch> listener_watch_;
  std::unique_ptr<Watch> datagram_watch_;
  std::unique_ptr<Watch> timer_;
};

}  // namespace hpvmnet::lan
