#include "lan/attachment.h"

#include <utility>

#include <fmt/format.h>

#include "lan/stream_link.h"
#include "lan/unix_socket.h"

namespace hpvmnet::lan {

Attachment::Attachment(PortHost& host, std::function<void()> lost)
    : host_(host),
      lost_(std::move(lost)),
      ended_(host.loop().make_signal([this] { link_ended(); })) {}

void Attachment::attach(std::unique_ptr<Link> link, const std::string& how) {
  link_ = std::move(link);
  const int wake = link_->wake_descriptor();
  host_.start_queues({&wake, 1});
  host_.set_peer(true);
  host_.log().info("guest attached ({})", how);
}

void Attachment::attach_stream(Fd connection, const std::string& how) {
  const int process = peer_process(connection.get());
  enlarge_buffers(connection.get());
  auto link = StreamLink::make(std::move(connection), *ended_);
  if (!link) {
    host_.log().error("{}", link.error().text);
    return;
  }
  attach(*std::move(link), fmt::format("process {}, {}", process, how));
}

void Attachment::detach(const std::string& why) {
  host_.stop_queues();
  host_.set_peer(false);
  const LogLevel level = link_->ending().peer_at_fault() ? LogLevel::warning : LogLevel::info;
  host_.log().write(level, fmt::format("guest detached: {}", why));
  link_.reset();
}

// Signals may come late: after the connection that they were about.
void Attachment::link_ended() {
  if (!link_ || !link_->ending().happened()) return;
  detach(link_->ending().text());
  lost_();
}

}  // namespace hpvmnet::lan
