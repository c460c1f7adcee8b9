#include <span>

#include "switch/stages.h"

namespace hpvmnet {
namespace {

// Where the frames of a burst go.
struct Verdicts {
  FrameMask flood = 0;
  FrameMask unicast = 0;
  std::array<std::uint16_t, Burst::kCapacity> egress;  // of the unicast frames: place in the ports

  FrameMask to(std::uint16_t port) const noexcept {
    FrameMask frames = 0;
    for_each(unicast, [&](unsigned i) { frames |= FrameMask{egress[i] == port} << i; });
    return frames;
  }
};

bool is_group(std::uint64_t address) noexcept { return (address >> 40 & 1) != 0; }

constexpr std::uint16_t kEverybody = 0xffff;  // in place of an egress port
constexpr std::uint16_t kNobody = 0xfffe;

// Where the port of a station is, kNobody where that port is not ready, kEverybody where the
// station is not known. The table may be a moment behind the ports' VLANs, so the port is asked,
// too.
std::uint16_t find_egress(const Passage& passage, const MacTable::Key& key) noexcept {
  const std::uint16_t number = passage.vswitch.macs->find(key, passage.now);
  if (number == MacTable::kUnknown) return kEverybody;
  const std::uint16_t egress = passage.vswitch.index_of[number];
  if (egress == VswitchView::kAbsent) return kNobody;
  const bool same_domain = passage.vswitch.ports[egress].domain == passage.ingress_port().domain;
  return same_domain ? egress : kEverybody;
}

Verdicts judge(Passage& passage) noexcept {
  const MacTable& macs = *passage.vswitch.macs;
  const Domain domain = passage.ingress_port().domain;
  std::array<MacTable::Key, Burst::kCapacity> keys;
  for_each(passage.live, [&](unsigned i) {
    keys[i] = macs.key(passage.destination[i], domain);
    macs.prefetch(keys[i]);
  });

  Verdicts verdicts;
  FrameMask back = 0;  // to where they came from
  FrameMask lost = 0;
  std::uint64_t last_station = 0;
  std::uint16_t last_egress = kEverybody;
  for_each(passage.live, [&](unsigned i) {
    const FrameMask bit = FrameMask{1} << i;
    if (is_group(passage.destination[i])) {
      verdicts.flood |= bit;
      return;
    }
    if (keys[i].station != last_station) {
      last_station = keys[i].station;
      last_egress = find_egress(passage, keys[i]);
    }
    verdicts.egress[i] = last_egress;
    if (last_egress == kEverybody) {
      verdicts.flood |= bit;
    } else if (last_egress == kNobody) {
      lost |= bit;
    } else if (last_egress == passage.ingress) {
      back |= bit;
    } else {
      verdicts.unicast |= bit;
    }
  });
  passage.drop(back, Drop::same_port);
  passage.drop(lost, Drop::not_ready);
  return verdicts;
}

// Whether the port takes all that these frames ask for.
bool takes(const Passage& passage, const PortView& port, FrameMask frames) noexcept {
  OffloadSet needed = 0;
  for_each(frames & passage.offloaded, [&](unsigned i) { needed |= passage.needed[i]; });
  return (needed & ~port.offloads) == 0;
}

void send(const Passage& passage, const PortView& port, FrameMask frames) noexcept {
  if (!takes(passage, port, frames)) {
    send_lowered(passage, port, frames);
    return;
  }
  std::array<const Frame*, Burst::kCapacity> list;
  std::size_t count = 0;
  for_each(frames, [&](unsigned i) { list[count++] = &passage.burst[i]; });
  port.port->send(std::span(list).first(count), passage.tally_of(port));
}

// To each receiver in one call.
void send_unicast(const Passage& passage, const Verdicts& verdicts) noexcept {
  for (FrameMask left = verdicts.unicast; left != 0;) {
    const std::uint16_t egress = verdicts.egress[static_cast<unsigned>(std::countr_zero(left))];
    const FrameMask frames = verdicts.to(egress);
    send(passage, passage.vswitch.ports[egress], frames);
    left &= ~frames;
  }
}

// To each port of the domain in one call, flooded frames among its own, so that none overtakes.
void send_mixed(Passage& passage, const Verdicts& verdicts) noexcept {
  const auto& ports = passage.vswitch.ports;
  const Domain domain = passage.ingress_port().domain;
  bool received = false;
  for (std::uint16_t i = 0; i < ports.size(); ++i) {
    if (i == passage.ingress || ports[i].domain != domain) continue;
    send(passage, ports[i], verdicts.flood | verdicts.to(i));
    received = true;
  }
  if (!received) passage.drop(verdicts.flood, Drop::no_receiver);
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
