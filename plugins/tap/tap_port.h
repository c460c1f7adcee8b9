#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/links.h"
#include "host/own_queue.h"
#include "host/tap.h"
#include "host/tap_queue.h"
#include "plugin/adaptor.h"

namespace hpvmnet::tap {

/// The name of the interface that a port gives the host: the endpoint, or "VSWITCH-NUMBER".
std::string interface_name(const PortSpec& spec);

/// A port whose vNIC is an interface of the host. Attached while that is up; made anew where
/// somebody deletes it.
class TapPort final : public Port {
 public:
  static Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host);
  ~TapPort() override;

  void receive(QueueId queue, Burst& burst, Tally& tally) noexcept override {
    queues_[queue]->receive(burst, tally);
  }
  void release(QueueId /*queue*/) noexcept override {}  // the memory is the queue's own
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override {
    queues_[host::own_queue(tally, queues_.size())]->send(frames, tally);
  }
  OffloadSet offloads() const noexcept override { return host::Tap::kOffloads; }
  Wait park(QueueId queue) noexcept override { return queues_[queue]->park(); }

 private:
  TapPort(const PortSpec& spec, PortHost& host);

  Status make();
  void look();
  void make_anew();
  void attach();
  void detach(const char* why);

  PortHost& host_;
  const PortSpec spec_;
  const std::string name_;
  host::Tap tap_;
  std::vector<std::unique_ptr<host::TapQueue>> queues_;  // change only while they are stopped
  bool attached_ = false;
  std::unique_ptr<host::Links> links_;
  std::unique_ptr<Watch> retry_;  // while there is no interface
};

}  // namespace hpvmnet::tap
