#include "switch/mirror.h"

#include <array>
#include <span>

#include "switch/stages.h"

namespace hpvmnet {
namespace {

const PortView* receiver_of(const Passage& passage, const Mirror& mirror) noexcept {
  return mirror.place == VswitchView::kAbsent ? nullptr : &passage.vswitch.ports[mirror.place];
}

}  // namespace

FrameMask mirrored(const Passage& passage) noexcept {
  const Observers* observers = passage.vswitch.observers.get();
  if (observers == nullptr || observers->mirror == nullptr) [[likely]]
    return 0;
  const Mirror& mirror = *observers->mirror;
  if (!mirror.ingress.test(passage.ingress_port().number)) return 0;
  FrameMask chosen = 0;
  for_each(passage.live, [&](unsigned i) {
    if (mirror.filter.chooses(passage.burst[i])) chosen |= FrameMask{1} << i;
  });
  return chosen;
}

// As they came in: with the tag that they have there.
void mirror(Passage& passage) noexcept {
  const FrameMask chosen = mirrored(passage);
  if (chosen == 0) [[likely]]
    return;
  const PortView* to = receiver_of(passage, *passage.vswitch.observers->mirror);
  if (to != nullptr) send_adapted(passage, *to, chosen, 0);
}

void mirror_egress(const Passage& passage, const PortView& from,
                   std::span<const Frame* const> frames) noexcept {
  const Mirror* mirror = passage.vswitch.observers->mirror.get();
  if (mirror == nullptr || !mirror->egress.test(from.number)) return;
  const PortView* to = receiver_of(passage, *mirror);
  if (to == nullptr) return;
  std::array<const Frame*, Burst::kCapacity> chosen;
  std::size_t count = 0;
  for (const Frame* frame : frames) {
    if (mirror->filter.chooses(*frame)) chosen[count++] = frame;
  }
  if (count > 0) send_as_from(passage, from, *to, std::span(chosen).first(count));
}

}  // namespace hpvmnet
