#include <span>

#include "offload/lowering.h"
#include "switch/stages.h"

namespace hpvmnet {
namespace {

// Frames on their way to one port, as they are or lowered. Sent whenever there is no room for more.
class Outbox {
 public:
  Outbox(const PortView& port, Tally& tally) noexcept : port_(*port.port), tally_(tally) {}
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox() { flush(); }

  void add(const Frame& frame) noexcept {
    if (count_ == frames_.size()) flush();
    frames_[count_++] = &frame;
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
            tally_.drop(Drop::scattered);
            return;
          }
          flush();
          break;
      }
    }
  }

 private:
  void flush() noexcept {
    if (count_ > 0) port_.send(std::span(frames_).first(count_), tally_);
    count_ = made_count_ = part_count_ = 0;
  }

  Port& port_;
  Tally& tally_;
  std::size_t count_ = 0;
  std::size_t made_count_ = 0;
  std::size_t part_count_ = 0;
  std::array<const Frame*, Burst::kCapacity> frames_;
  std::array<Frame, Burst::kCapacity> made_;
  std::array<Part, 2048>
      parts_;  // more than the pieces of one byte that a 1514-byte frame may have
};

}  // namespace

void send_lowered(const Passage& passage, const PortView& port, FrameMask frames) noexcept {
  Outbox outbox(port, passage.tally_of(port));
  for_each(frames, [&](unsigned i) {
    const Frame& frame = passage.burst[i];
    const bool asks = (passage.offloaded >> i & 1) != 0;
    if (asks && (passage.needed[i] & ~port.offloads) != 0) {
      outbox.add_lowered(frame);
    } else {
      outbox.add(frame);
    }
  });
}

}  // namespace hpvmnet
