#include <span>

#include "offload/lowering.h"
#include "switch/record.h"
#include "switch/retag.h"
#include "switch/run_tag.h"
#include "switch/stages.h"

namespace hpvmnet {
namespace {

// Frames on their way to one port, as they are or made anew. Sent whenever there is no room for
// more.
class Outbox {
 public:
  Outbox(const Passage& passage, const PortView& port) noexcept : passage_(passage), port_(port) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox() { flush(); }

  void add(const Frame& frame) noexcept {
    if (count_ == frames_.size()) flush();
    frames_[count_++] = &frame;
  }

  // The frame with another tag, to be added as the next one; null where that cannot be.
  const Frame* retagged(const Frame& frame, bool tagged, Domain tag) noexcept {
    Frame& made = retagged_[retagged_count_];  // one for each frame of a burst
    auto taken = retag(frame, tagged, tag, made, std::span(tag_parts_).subspan(tag_part_count_));
    if (!taken) {
      flush();
      tag_part_count_ = 0;
      taken = retag(frame, tagged, tag, made, tag_parts_);
    }
    if (!taken) {
      drop_scattered(frame);
      return nullptr;
    }
    tag_part_count_ += *taken;
    ++retagged_count_;
    return &made;
  }

  void add_lowered(const Frame& whole) noexcept {
    Lowering lowering(whole);
    for (;;) {
      if (count_ == frames_.size()) flush();
      Frame& made = made_[made_count_];
      switch (lowering.next(made, std::span(parts_).subspan(part_count_))) {
        case Lowering::Step::made:
          part_count_ += made.part_count;
          ++made_count_;
          frames_[count_++] = &made;
          break;
        case Lowering::Step::done:
          return;
        case Lowering::Step::full:
          if (part_count_ == 0) {
            drop_scattered(whole);
            return;
          }
          flush();
          break;
      }
    }
  }

 private:
  void flush() noexcept {
    if (count_ > 0) hand_over(passage_, port_, std::span(frames_).first(count_));
    count_ = made_count_ = part_count_ = 0;
  }

  // More than the pieces of one byte that a 1514-byte frame may have.
  static constexpr std::size_t kParts = 2048;

  // What cannot be made as the port takes it.
  void drop_scattered(const Frame& frame) noexcept {
    passage_.tally_of(port_).drop(Drop::scattered);
    if (passage_.vswitch.observers != nullptr) [[unlikely]]
      record_egress_drop(passage_, port_, frame, Drop::scattered);
  }

  const Passage& passage_;
  const PortView& port_;
  std::size_t count_ = 0;
  std::size_t made_count_ = 0;
  std::size_t part_count_ = 0;
  std::size_t retagged_count_ = 0;
  std::size_t tag_part_count_ = 0;
  std::array<const Frame*, Burst::kCapacity> frames_;
  std::array<Frame, Burst::kCapacity> made_;
  std::array<Part, kParts> parts_;
  std::array<Frame, Burst::kCapacity> retagged_;
  std::array<Part, kParts> tag_parts_;
};

// By frame, for those among `frames` whose tag changes: the one that they get.
using Tags = std::array<Domain, Burst::kCapacity>;
void find_tags(const Passage& passage, const PortView& port, FrameMask frames,
               Tags& tags) noexcept {
  for (const Run& run : passage.runs()) {
    const FrameMask concerned = run.frames & frames;
    if (concerned == 0) continue;
    const Domain tag = egress_tag(passage, port, run);
    for_each(concerned, [&](unsigned i) { tags[i] = tag; });
  }
}

bool has(FrameMask frames, unsigned i) noexcept { return (frames >> i & 1) != 0; }

}  // namespace

void send_as_from(const Passage& passage, const PortView& from, const PortView& to,
                  std::span<const Frame* const> frames) noexcept {
  const bool takes_all = (from.offloads & ~to.offloads) == 0;
  Outbox outbox(passage, to);
  for (const Frame* frame : frames) {
    if (takes_all || !frame->offload.any()) {
      outbox.add(*frame);
    } else {
      outbox.add_lowered(*frame);
    }
  }
}

void send_adapted(const Passage& passage, const PortView& port, FrameMask frames,
                  FrameMask retagged) noexcept {
  Tags tags;
  find_tags(passage, port, retagged, tags);
  Outbox outbox(passage, port);
  for_each(frames, [&](unsigned i) {
    const Frame* frame = &passage.burst[i];
    if (has(retagged, i)) frame = outbox.retagged(*frame, has(passage.tagged, i), tags[i]);
    if (frame == nullptr) return;
    if (has(passage.offloaded, i) && (passage.needed[i] & ~port.offloads) != 0) {
      outbox.add_lowered(*frame);
    } else {
      outbox.add(*frame);
    }
  });
}

}  // namespace hpvmnet
