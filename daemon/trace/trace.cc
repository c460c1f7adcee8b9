#include "trace/trace.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <utility>

#include "switch/stages.h"
#include "trace/explain.h"
#include "trace/trace_port.h"

namespace hpvmnet {
namespace {

// What would be mirrored is known, but to nowhere.
std::shared_ptr<const Observers> observers_of(const VswitchView& original) {
  if (original.observers == nullptr || original.observers->mirror == nullptr) return nullptr;
  auto mirror = std::make_shared<Mirror>(*original.observers->mirror);
  mirror->place = VswitchView::kAbsent;
  return std::make_shared<const Observers>(Observers{.captures = {}, .mirror = std::move(mirror)});
}

// A vswitch that is like another one and has no effect on anything. Only its MAC table is the same
// one, and that is read.
class Double {
 public:
  explicit Double(const VswitchView& original) : view_(original), tallies_(original.ports.size()) {
    view_.punt = nullptr;
    view_.observers = observers_of(original);
    for (std::size_t i = 0; i < view_.ports.size(); ++i) {
      view_.ports[i].port = &ports_.emplace_back();
      view_.ports[i].tallies = &tallies_[i];
    }
  }

  const VswitchView& view() const { return view_; }
  const TracePort& port(std::size_t index) const { return ports_[index]; }
  std::optional<Drop> dropped() const {
    for (const Tally& tally : tallies_) {
      const auto found = std::ranges::find_if(
          tally.drops, [](const Counter& counter) { return counter.get() != 0; });
      if (found != tally.drops.end()) return static_cast<Drop>(found - tally.drops.begin());
    }
    return std::nullopt;
  }

 private:
  VswitchView view_;
  std::deque<TracePort> ports_;
  std::vector<Tally> tallies_;
};

void lend(std::span<const std::byte> bytes, Burst& burst) {
  Frame& frame = burst.next();
  frame.offload = {};
  frame.head.fill(std::byte{0});
  const std::size_t head = std::min<std::size_t>(bytes.size(), Frame::kHeadCapacity);
  std::memcpy(frame.head.data(), bytes.data(), head);
  frame.set_contiguous(static_cast<std::uint32_t>(bytes.size()), bytes.data() + head);
  burst.push();
}

void note_receivers(const Double& vswitch, const Passage& passage, Trace& trace) {
  for (std::size_t i = 0; i < vswitch.view().ports.size(); ++i) {
    const auto& received = vswitch.port(i).received();
    if (received.empty()) continue;
    trace.receivers.push_back(
        {vswitch.view().ports[i].number, explain_change(passage, received), {}});
  }
  std::ranges::sort(trace.receivers, {}, &Trace::Receiver::port);
}

}  // namespace

Trace trace_frame(const VswitchView& vswitch, std::uint16_t ingress,
                  std::span<const std::byte> frame, std::uint32_t now) {
  const Double same(vswitch);
  Burst burst;
  lend(frame, burst);
  Passage passage(burst, {&same.view(), ingress, 0, -1}, 0, now);
  Trace trace;
  for (const Stage& stage : kStages) {
    if (stage.run == learn) {
      trace.steps.push_back({std::string(stage.name), explain_learning(passage)});
      continue;
    }
    stage.run(passage);
    trace.dropped = same.dropped();
    if (trace.dropped) {
      trace.because = because(*trace.dropped, passage);
      trace.steps.push_back({std::string(stage.name), "it is dropped"});
      return trace;
    }
    trace.steps.push_back({std::string(stage.name), explain(stage.name, passage)});
  }
  note_receivers(same, passage, trace);
  const std::uint16_t known = known_port(passage);
  trace.flooded = known == MacTable::kUnknown || trace.receivers.size() != 1 ||
                  trace.receivers.front().port != known;
  return trace;
}

}  // namespace hpvmnet
