#include "capture/capture.h"

#include <algorithm>
#include <utility>

namespace hpvmnet {

Capture::Capture(CaptureRequest request, std::size_t workers) : request_(std::move(request)) {
  for (std::size_t i = 0; i < workers; ++i) workers_.push_back(std::make_unique<OfWorker>());
}

void Capture::offer(unsigned worker, CaptureRecord record, const Frame& frame) noexcept {
  const bool here =
      !request_.port || record.port == *request_.port ||
      (record.kind == CaptureRecord::Kind::drop && record.came_in_by == *request_.port);
  if (!here || !request_.filter.chooses(frame)) return;
  record.length = frame.length;
  record.captured = std::min(frame.length, request_.longest);
  OfWorker& mine = *workers_[worker];
  if (!mine.ring.put(record, frame)) mine.lost[record.port].add(1);
}

std::map<std::uint16_t, std::uint64_t> Capture::lost() const {
  std::map<std::uint16_t, std::uint64_t> lost;
  for (const auto& worker : workers_) {
    for (std::size_t port = 0; port < kPorts; ++port) {
      const std::uint64_t frames = worker->lost[port].get();
      if (frames != 0) lost[static_cast<std::uint16_t>(port)] += frames;
    }
  }
  return lost;
}

}  // namespace hpvmnet
