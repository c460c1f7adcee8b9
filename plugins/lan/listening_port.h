#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "lan/attachment.h"
#include "lan/datagram_end.h"
#include "plugin/adaptor.h"

namespace hpvmnet::lan {

/// A port for an emulated vNIC: a listening stream socket and a datagram socket beside it, at one
/// of which a guest's hypervisor attaches. One at a time: the first to come has the port until it
/// leaves.
class ListeningPort final : public Port {
 public:
  static Status check(const PortSpec& spec);

  /// `spec` has passed check(). On error the system is as it was.
  static Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host);
  ~ListeningPort() override;

  void receive(QueueId /*queue*/, Burst& burst, Tally& tally) noexcept override {
    attachment_.link().receive(burst, tally);
  }
  void release(QueueId /*queue*/) noexcept override {}  // the memory is the link's own
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override {
    attachment_.link().send(frames, tally);
  }
  Wait park(QueueId /*queue*/) noexcept override { return attachment_.link().park(); }

 private:
  ListeningPort(const PortSpec& spec, PortHost& host, Fd listener,
                std::unique_ptr<DatagramEnd> datagrams);

  void watch_for_guests();
  void connection_waits();
  void datagram_waits();
  void try_datagrams();
  void look_around();
  void refuse(const std::string& whom);

  PortHost& host_;
  const std::filesystem::path path_;
  Fd listener_;
  std::unique_ptr<DatagramEnd> datagrams_;
  bool by_datagrams_ = false;  // what is attached, where something is
  bool refused_ = false;       // somebody, since the last look around
  Attachment attachment_;
  std::unique_ptr<Watch> listener_watch_;
  std::unique_ptr<Watch> datagram_watch_;
  std::unique_ptr<Watch> timer_;
};

}  // namespace hpvmnet::lan
