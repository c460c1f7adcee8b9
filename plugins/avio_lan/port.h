#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "avio_lan/listener.h"
#include "avio_lan/protocol/session.h"
#include "avio_lan/rings.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/result.h"
#include "plugin/adaptor.h"
#include "plugin/event_loop.h"
#include "plugin/port.h"

namespace hpvmnet::avio_lan {

/// An accelerated port: waits on its socket for a hypervisor, talks vhost-user with it, and moves
/// frames between its guest's memory and the vswitch. One hypervisor at a time; others are sent
/// away. What it does wrong ends its connection and nothing else.
///
/// Threads: the control thread, but for the methods of Port.
class AvioPort final : public Port {
 public:
  /// `host` and `signaller` outlive it.
  static Result<std::unique_ptr<AvioPort>> open(const PortSpec& spec, PortHost& host,
                                                EventSignaller& signaller);
  ~AvioPort() override;

  void receive(QueueId queue, Burst& burst, Tally& tally) noexcept override {
    rings_.receive(queue, burst, tally);
  }
  void release(QueueId queue) noexcept override { rings_.release(queue); }
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override {
    rings_.send(frames, tally);
  }
  OffloadSet offloads() const noexcept override { return session_ ? session_->offloads() : 0; }
  Wait park(QueueId queue) noexcept override { return rings_.park(queue); }

 private:
  AvioPort(PortHost& host, EventSignaller& signaller, std::uint64_t offered, Listener listener,
           Fd loss_event);

  void listen();
  void pause_listening(std::string_view why);
  void on_connection();
  void begin_session(Fd connection);
  void on_message();
  void on_memory_loss();
  void end_session();
  void abort_session(std::string_view why);
  void close_session(LogLevel level, std::string_view line);

  PortHost& host_;
  const std::uint64_t offered_;  // features
  Listener listener_;
  Fd loss_event_;  // eventfd: memory of the guest has been lost
  Rings rings_;
  std::optional<Session> session_;
  bool sent_others_away_ = false;  // in this session

  std::unique_ptr<Watch> connection_watch_;
  std::unique_ptr<Watch> message_watch_;
  std::unique_ptr<Watch> loss_watch_;
  std::unique_ptr<Watch> pause_;
};

}  // namespace hpvmnet::avio_lan
