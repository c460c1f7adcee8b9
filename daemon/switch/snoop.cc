#include "switch/group_address.h"
#include "switch/membership_frame.h"
#include "switch/stages.h"

namespace hpvmnet {
namespace {

using Kind = MembershipFrame::Kind;

// Who gets a group's frames of a run.
class Audience {
 public:
  Audience(Passage& passage, const MacTable::Key& group) noexcept
      : passage_(passage),
        groups_(*passage.vswitch.groups),
        group_(group),
        routers_(groups_.routers(group.domain())),
        members_(is_for_all_hosts(group.address()) ? nullptr : groups_.receivers(group, routers_)) {
  }

  void choose(unsigned frame) noexcept {
    const auto found = find_membership(head_of(passage_.burst[frame]));
    if (!found) {
      if (members_ != nullptr) restrict(frame, *members_);
      return;
    }
    tell(frame);
    if (found->kind == Kind::report) {
      restrict(frame, routers_.ports);  // a host that hears another's does not send its own
      passage_.reports |= FrameMask{1} << frame;
    } else if (found->kind == Kind::query && is_own()) {
      restrict(frame, groups_.inside());
    }
  }

 private:
  static std::span<const std::byte> head_of(const Frame& frame) noexcept {
    return std::span(frame.head).first(frame.head_length);
  }
  bool is_own() const noexcept { return passage_.ingress_port().number == VswitchView::kOwnPort; }

  void restrict(unsigned frame, const PortSet& ports) noexcept {
    passage_.restricted |= FrameMask{1} << frame;
    passage_.audience[frame] = &ports;
  }

  void tell(unsigned frame) noexcept {
    Punt* const punt = passage_.vswitch.punt;
    if (punt == nullptr || is_own()) return;
    punt->offer(passage_.ingress_port().number, group_.domain(), passage_.burst[frame]);
  }

  Passage& passage_;
  const GroupTable& groups_;
  const MacTable::Key& group_;
  const GroupTable::Routers& routers_;
  const PortSet* members_;
};

}  // namespace

void snoop(Passage& passage) noexcept {
  if (!passage.groups || passage.vswitch.groups == nullptr) [[likely]]
    return;
  for (const Run& run : passage.runs()) {
    const FrameMask frames = run.frames & passage.live;
    if (frames == 0 || !is_ip_group(run.destination.address())) continue;
    Audience audience(passage, run.destination);
    for_each(frames, [&](unsigned i) { audience.choose(i); });
  }
}

}  // namespace hpvmnet
