#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "uplink/wire.h"
#include "uplink/xdp_program.h"
#include "uplink/xdp_queue.h"

namespace hpvmnet::uplink {

/// AF_XDP on all queues of an interface: frames without a socket buffer, and with a card that can,
/// without a copy by the kernel. It takes no offloads.
class XdpWire final : public Wire {
 public:
  struct Kind {
    XdpProgram::Where where;
    XdpQueue::Copies copies;
  };
  struct Interface {
    int index;
    std::string name;
    unsigned mtu;
    unsigned queues;  ///< receive queues
  };

  static Result<std::unique_ptr<Wire>> open(const Interface& interface, Kind kind);

  void receive(QueueId queue, Burst& burst, Tally& tally) noexcept override {
    queues_[queue]->receive(burst, tally);
  }
  void release(QueueId queue) noexcept override { queues_[queue]->release(); }
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override;
  Wait park(QueueId queue) noexcept override { return queues_[queue]->park(); }
  std::span<const int> wake_descriptors() const noexcept override { return wakes_; }
  OffloadSet offloads() const noexcept override { return 0; }
  std::string mode() const override;
  void set_host_addresses(const HostAddresses::List& addresses) override {
    program_->set_host_addresses(addresses);
  }

 private:
  explicit XdpWire(Kind kind) : kind_(kind) {}

  const Kind kind_;
  std::vector<std::unique_ptr<XdpQueue>> queues_;
  std::vector<int> wakes_;
  std::unique_ptr<XdpProgram> program_;  // ends first
};

}  // namespace hpvmnet::uplink
