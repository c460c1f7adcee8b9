#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "lan/attachment.h"
#include "plugin/adaptor.h"

namespace hpvmnet::lan {

/// A port that connects to a program's listening stream socket, where others wait to be connected
/// to; again and again, while nobody is there and when the connection is lost.
class ConnectingPort final : public Port {
 public:
  /// Judges the endpoint: the path of the socket.
  static Status check(const PortSpec& spec);

  /// `spec` has passed check(). Whether anybody listens does not matter.
  ConnectingPort(const PortSpec& spec, PortHost& host);

  void receive(QueueId /*queue*/, Burst& burst, Tally& tally) noexcept override {
    attachment_.link().receive(burst, tally);
  }
  void release(QueueId /*queue*/) noexcept override {}  // the memory is the link's own
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override {
    attachment_.link().send(frames, tally);
  }
  Wait park(QueueId /*queue*/) noexcept override { return attachment_.link().park(); }

 private:
  void look_around();
  void connect();
  void connection_lost();

  PortHost& host_;
  const std::filesystem::path peer_;
  bool missed_ = false;    // the log says that nobody is there
  int looks_to_skip_ = 0;  // before the next attempt
  int next_skip_ = 0;      // if the next connection does not last
  Attachment attachment_;
  std::unique_ptr<Watch> timer_;
};

}  // namespace hpvmnet::lan
