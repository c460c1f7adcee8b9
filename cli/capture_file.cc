#include "cli/capture_file.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hpvmnet::cli {
namespace {

std::string comment_on(const v1::CapturedFrame& frame) {
  if (!frame.has_dropped()) return {};
  std::string comment =
      fmt::format("dropped: {} ({})", frame.dropped().reason(), frame.dropped().description());
  if (frame.outbound()) comment += fmt::format(", came in by port {}", frame.came_in_by());
  return comment;
}

}  // namespace

CaptureFile::CaptureFile(std::ostream& out, std::uint32_t snaplen,
                         std::function<std::string(std::uint32_t)> name_of)
    : writer_(out, "hpvmnet " HPVMNET_VERSION), snaplen_(snaplen), name_of_(std::move(name_of)) {}

CaptureFile::Interface& CaptureFile::interface_of(std::uint32_t port) {
  const auto [found, added] = interfaces_.try_emplace(port);
  if (added) found->second.id = writer_.add_interface(name_of_(port), snaplen_);
  return found->second;
}

void CaptureFile::write(const v1::CapturedFrame& frame) {
  Interface& interface = interface_of(frame.port());
  const std::string comment = comment_on(frame);
  writer_.write({.interface = interface.id,
                 .time_ns = frame.time_ns(),
                 .length = frame.length(),
                 .data = frame.data(),
                 .direction = frame.outbound() ? PcapngWriter::Direction::outbound
                                               : PcapngWriter::Direction::inbound,
                 .comment = comment});
  ++interface.frames;
  ++frames_;
  newest_ns_ = std::max(newest_ns_, frame.time_ns());
}

void CaptureFile::note_losses(const v1::CaptureBatch& batch) {
  for (const v1::CaptureLoss& loss : batch.losses()) {
    Interface& interface = interface_of(loss.port());
    lost_ += loss.frames() - interface.lost;
    interface.lost = loss.frames();
  }
}

void CaptureFile::finish() {
  for (const auto& [port, interface] : interfaces_) {
    writer_.write_statistics(interface.id, newest_ns_, interface.frames + interface.lost,
                             interface.lost);
  }
}

}  // namespace hpvmnet::cli
