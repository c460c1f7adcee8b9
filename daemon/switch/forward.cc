#include <span>

#include "switch/group_address.h"
#include "switch/record.h"
#include "switch/run_tag.h"
#include "switch/stages.h"

namespace hpvmnet {
namespace {

constexpr std::uint16_t kEverybody = 0xffff;  // in place of an egress port
constexpr std::uint16_t kNobody = 0xfffe;

// Where a port is of that number behind which a station was found; kNobody where the port is not
// ready, kEverybody where the station is not known. The table may be a moment behind the ports'
// VLANs, so the port is asked, too.
std::uint16_t egress_of(const Passage& passage, std::uint16_t number, Domain domain) noexcept {
  if (number == MacTable::kUnknown) return kEverybody;
  const std::uint16_t egress = passage.vswitch.index_of[number];
  if (egress == VswitchView::kAbsent) return kNobody;
  return passage.vswitch.ports[egress].carries(domain) ? egress : kEverybody;
}

// Takes what is not forwarded out of a group's frames.
bool eat(Passage& passage, const MacTable::Key& group, FrameMask frames) noexcept {
  const GroupFrame kind = kind_of_group(group);
  if (kind == GroupFrame::ordinary) [[likely]]
    return false;
  if (kind == GroupFrame::reserved) {
    passage.drop(frames, Drop::reserved);
    return true;
  }
  const PortView& ingress = passage.ingress_port();
  if (ingress.number == VswitchView::kOwnPort) return false;  // on its way out
  for_each(frames, [&](unsigned i) {
    if (passage.vswitch.punt == nullptr) return;
    passage.vswitch.punt->offer(ingress.number, group.domain(), passage.burst[i]);
  });
  passage.drop(frames, Drop::probe);
  return true;
}

// Where the frames of a burst go.
struct Verdicts {
  FrameMask flood = 0;
  FrameMask unicast = 0;
  unsigned changes = 0;                                // of the port, from run to run
  std::array<std::uint16_t, Burst::kCapacity> egress;  // by run: place in the ports, where unicast
};

Verdicts judge(Passage& passage) noexcept {
  Verdicts verdicts;
  FrameMask back = 0;  // to where they came from
  FrameMask lost = 0;
  const std::span<const Run> runs = passage.runs();
  const MacTable& macs = *passage.vswitch.macs;
  std::uint16_t number = MacTable::kUnknown;  // of the port that the run before this one goes to
  Domain domain = kNoDomain;                  // that it is in
  std::uint16_t egress = kEverybody;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const FrameMask frames = runs[i].frames & passage.live;
    if (frames == 0) continue;
    const MacTable::Key& to = runs[i].destination;
    if (to.is_group() && eat(passage, to, frames)) continue;
    const std::uint16_t found = to.is_group() ? MacTable::kUnknown : macs.find(to, passage.now);
    if (found != number || to.domain() != domain) {
      number = found;
      domain = to.domain();
      egress = egress_of(passage, number, domain);
      ++verdicts.changes;
    }
    verdicts.egress[i] = egress;
    if (egress == kEverybody) {
      verdicts.flood |= frames;
    } else if (egress == kNobody) {
      lost |= frames;
    } else if (egress == passage.ingress) {
      back |= frames;
    } else {
      verdicts.unicast |= frames;
    }
  }
  passage.drop(back, Drop::same_port);
  passage.drop(lost, Drop::not_ready);
  return verdicts;
}

// The unicast frames of runs from `first` on that go to a port.
FrameMask unicast_to(std::uint16_t port, const Passage& passage, const Verdicts& verdicts,
                     std::size_t first = 0) noexcept {
  FrameMask frames = 0;
  for (std::size_t i = first; i < passage.run_count; ++i) {
    const FrameMask unicast = passage.run_space[i].frames & verdicts.unicast;
    if (unicast != 0 && verdicts.egress[i] == port) frames |= unicast;
  }
  return frames;
}

// Whether the port takes all that these frames ask for.
bool takes(const Passage& passage, const PortView& port, FrameMask frames) noexcept {
  OffloadSet needed = 0;
  for_each(frames & passage.offloaded, [&](unsigned i) { needed |= passage.needed[i]; });
  return (needed & ~port.offloads) == 0;
}

// The frames among these that do not have the tag which they get at the port.
FrameMask to_retag(const Passage& passage, const PortView& port, FrameMask frames) noexcept {
  const PortView& ingress = passage.ingress_port();
  if (ingress.tags == nullptr) {  // nor do its frames have any
    return port.tag_of(ingress.domain) == kNoDomain ? FrameMask{0} : frames;
  }
  FrameMask changed = 0;
  for (const Run& run : passage.runs()) {
    if ((run.frames & frames) == 0) continue;
    if (run_tag(passage, run) != egress_tag(passage, port, run)) changed |= run.frames & frames;
  }
  return changed;
}

void send(const Passage& passage, const PortView& port, FrameMask frames) noexcept {
  const FrameMask retagged = to_retag(passage, port, frames);
  if (retagged != 0 || !takes(passage, port, frames)) [[unlikely]] {
    send_adapted(passage, port, frames, retagged);
    return;
  }
  if (frames == passage.all()) {  // nearly always
    hand_over(passage, port, passage.burst.list());
    return;
  }
  std::array<const Frame*, Burst::kCapacity> list;
  std::size_t count = 0;
  for_each(frames, [&](unsigned i) { list[count++] = &passage.burst[i]; });
  hand_over(passage, port, std::span(list).first(count));
}

// To each receiver in one call.
void send_unicast(const Passage& passage, const Verdicts& verdicts) noexcept {
  FrameMask left = verdicts.unicast;
  for (std::size_t i = 0; left != 0; ++i) {
    if ((passage.run_space[i].frames & left) == 0) continue;
    const std::uint16_t egress = verdicts.egress[i];
    const FrameMask frames =
        verdicts.changes == 1 ? left : unicast_to(egress, passage, verdicts, i);
    send(passage, passage.vswitch.ports[egress], frames);
    left &= ~frames;
  }
}

// The frames without those that are for other ports only.
FrameMask without_others(const PortView& port, const Passage& passage, FrameMask frames) noexcept {
  FrameMask others = 0;
  for_each(frames & passage.restricted, [&](unsigned i) {
    if (!passage.audience[i]->contains(port.number)) others |= FrameMask{1} << i;
  });
  return frames & ~others;
}

// The flooded frames that are in domains of the port.
FrameMask in_domains_of(const PortView& port, const Passage& passage, FrameMask flood) noexcept {
  const PortView& ingress = passage.ingress_port();
  if (ingress.tags == nullptr) return port.carries(ingress.domain) ? flood : FrameMask{0};
  FrameMask frames = 0;
  for (const Run& run : passage.runs()) {
    if (port.carries(run.destination.domain())) frames |= run.frames & flood;
  }
  return frames;
}

FrameMask flooded_to(const PortView& port, const Passage& passage, FrameMask flood) noexcept {
  return without_others(port, passage, in_domains_of(port, passage, flood));
}

// Flooded frames that nobody got. Reports are for the switch, too.
void drop_lost(Passage& passage, FrameMask lost) noexcept {
  passage.drop(lost & ~passage.restricted, Drop::no_receiver);
  passage.drop(lost & passage.restricted & ~passage.reports, Drop::no_member);
}

// To each port in one call, flooded frames among its own, so that none overtakes.
void send_mixed(Passage& passage, const Verdicts& verdicts) noexcept {
  const auto& ports = passage.vswitch.ports;
  FrameMask received = 0;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (i == passage.ingress || ports[i].number == VswitchView::kOwnPort) continue;
    const FrameMask flooded = flooded_to(ports[i], passage, verdicts.flood);
    const FrameMask own = unicast_to(static_cast<std::uint16_t>(i), passage, verdicts);
    if ((flooded | own) == 0) continue;
    send(passage, ports[i], flooded | own);
    received |= flooded;
  }
  drop_lost(passage, verdicts.flood & ~received);
}

}  // namespace

void forward(Passage& passage) noexcept {
  const Verdicts verdicts = judge(passage);
  if (verdicts.flood == 0) {
    send_unicast(passage, verdicts);
  } else {
    send_mixed(passage, verdicts);
  }
}

}  // namespace hpvmnet
