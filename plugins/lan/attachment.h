#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/fd.h"
#include "lan/link.h"
#include "plugin/adaptor.h"

namespace hpvmnet::lan {

/// The vNIC that is attached to a port, while one is: how it comes and goes, and what workers call.
/// Control thread, except link().
class Attachment {
 public:
  /// `lost` is called after a link has ended by itself and been detached. `host` outlives this.
  Attachment(PortHost& host, std::function<void()> lost);

  bool present() const noexcept { return link_ != nullptr; }

  /// The port's packet path. Only while a vNIC is attached; changes only while the queues are
  /// stopped.
  Link& link() const noexcept { return *link_; }

  /// What links raise when they end.
  Signal& ended() noexcept { return *ended_; }

  /// Starts the port's queues. Nothing may be attached. `how` is for the log.
  void attach(std::unique_ptr<Link> link, const std::string& how);

  /// The same with a stream of frames on `connection`, non-blocking, `how` it came. Where the
  /// system has no means for it, there is a line in the log and nothing attached.
  void attach_stream(Fd connection, const std::string& how);

  /// Stops the queues and ends the connection. Something must be attached.
  void detach(const std::string& why);

 private:
  void link_ended();

  PortHost& host_;
  const std::function<void()> lost_;
  std::unique_ptr<Signal> ended_;
  std::unique_ptr<Link> link_;
};

}  // namespace hpvmnet::lan
