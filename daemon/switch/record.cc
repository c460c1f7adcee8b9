#include "switch/record.h"

#include <algorithm>
#include <ctime>

#include "switch/stages.h"

namespace hpvmnet {
namespace {

using Kind = CaptureRecord::Kind;
using List = std::array<const Frame*, Burst::kCapacity>;
using DropCounts = std::array<std::uint64_t, kDropReasonCount>;

std::uint64_t now_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

CaptureRecord record_of(const Passage& passage, const PortView& port, Kind kind) noexcept {
  CaptureRecord record;
  record.time_ns = now_ns();
  record.port = port.number;
  record.came_in_by = passage.ingress_port().number;
  record.kind = kind;
  record.outbound = kind != Kind::ingress;
  return record;
}

CaptureRecord drop_of(const Passage& passage, const PortView& port, Drop reason) noexcept {
  CaptureRecord record = record_of(passage, port, Kind::drop);
  record.reason = static_cast<std::uint8_t>(reason);
  return record;
}

DropCounts drops_of(const Tally& tally) noexcept {
  DropCounts counts;
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = tally.drops[i].get();
  return counts;
}

// What became of frames that a port was sent. It says how many it dropped and why, not which: those
// that were too long are the longest ones, and a queue that was full was so at the end.
class Fates {
 public:
  Fates(std::span<const Frame* const> frames, const DropCounts& before, const Tally& after) noexcept
      : count_(frames.size()) {
    std::copy(frames.begin(), frames.end(), frames_.begin());
    const DropCounts now = drops_of(after);
    for (std::size_t i = 0; i < now.size(); ++i) {
      const auto reason = static_cast<Drop>(i);
      for (std::uint64_t left = now[i] - before[i]; left != 0 && count_ != 0; --left) {
        lose(reason == Drop::mtu || reason == Drop::buffer_too_small ? longest() : count_ - 1,
             reason);
      }
    }
  }

  std::span<const Frame* const> delivered() const noexcept {
    return std::span(frames_).first(count_);
  }
  template <class Visit>
  void for_each_lost(Visit visit) const noexcept {
    for (std::size_t i = lost_count_; i-- > 0;) visit(*lost_[i], reasons_[i]);
  }

 private:
  std::size_t longest() const noexcept {
    std::size_t found = 0;
    for (std::size_t i = 1; i < count_; ++i) {
      if (frames_[i]->length >= frames_[found]->length) found = i;
    }
    return found;
  }
  void lose(std::size_t at, Drop reason) noexcept {
    lost_[lost_count_] = frames_[at];
    reasons_[lost_count_++] = reason;
    std::copy(frames_.data() + at + 1, frames_.data() + count_, frames_.data() + at);
    --count_;
  }

  std::size_t count_;
  std::size_t lost_count_ = 0;
  List frames_;  // in order, without those that are lost
  List lost_;    // the last one first
  std::array<Drop, Burst::kCapacity> reasons_;
};

}  // namespace

void record_ingress(const Passage& passage) noexcept {
  const CaptureRecord record = record_of(passage, passage.ingress_port(), Kind::ingress);
  for (const auto& capture : passage.vswitch.observers->captures) {
    if (!capture->wants_ingress()) continue;
    for (const Frame* frame : passage.burst.list()) capture->offer(passage.worker, record, *frame);
  }
}

void record_drop(const Passage& passage, FrameMask frames, Drop reason) noexcept {
  CaptureRecord record = drop_of(passage, passage.ingress_port(), reason);
  record.outbound = false;
  for (const auto& capture : passage.vswitch.observers->captures) {
    if (!capture->wants_drops()) continue;
    for_each(frames, [&](unsigned i) { capture->offer(passage.worker, record, passage.burst[i]); });
  }
}

void record_egress_drop(const Passage& passage, const PortView& port, const Frame& frame,
                        Drop reason) noexcept {
  const CaptureRecord record = drop_of(passage, port, reason);
  for (const auto& capture : passage.vswitch.observers->captures) {
    if (capture->wants_drops()) capture->offer(passage.worker, record, frame);
  }
}

void send_recorded(const Passage& passage, const PortView& port,
                   std::span<const Frame* const> frames) noexcept {
  Tally& tally = passage.tally_of(port);
  const DropCounts before = drops_of(tally);
  port.port->send(frames, tally);
  const Fates fates(frames, before, tally);
  fates.for_each_lost(
      [&](const Frame& frame, Drop reason) { record_egress_drop(passage, port, frame, reason); });
  const CaptureRecord record = record_of(passage, port, Kind::egress);
  for (const auto& capture : passage.vswitch.observers->captures) {
    if (!capture->wants_egress()) continue;
    for (const Frame* frame : fates.delivered()) capture->offer(passage.worker, record, *frame);
  }
  if (!fates.delivered().empty()) mirror_egress(passage, port, fates.delivered());
}

}  // namespace hpvmnet
