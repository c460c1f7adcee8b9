#include "trace/explain.h"

#include <array>

#include <fmt/format.h>

#include "base/mac_address.h"
#include "frame/vlan_tag.h"
#include "switch/run_tag.h"
#include "switch/stages.h"

namespace hpvmnet {
namespace {

std::string address_text(const MacTable::Key& key) { return MacAddress(key.address()).dashed(); }

std::string tag_text(Domain tag) {
  if (tag == kNoDomain) return "no tag";
  if (tag == kPriorityTag) return "a tag that gives a priority only";
  return fmt::format("the tag of VLAN {}", tag);
}

Domain tag_of(std::span<const std::byte> frame) {
  constexpr std::size_t kType = 12;
  if (frame.size() < kType + 2 + kTagLength) return kNoDomain;
  const auto type =
      std::to_integer<unsigned>(frame[kType]) << 8 | std::to_integer<unsigned>(frame[kType + 1]);
  return is_tag_type(static_cast<std::uint16_t>(type)) ? read_vlan(frame.data()) : kNoDomain;
}

std::string explain_parse(const Passage& passage) {
  return fmt::format("{} bytes from {} to {}, with {}", passage.burst[0].length,
                     source_text(passage), destination_text(passage),
                     tag_text(run_tag(passage, passage.runs().front())));
}

std::string explain_admit(const Passage& passage) {
  return fmt::format("port {} takes it into {}", passage.ingress_port().number,
                     domain_text(passage.runs().front().source.domain()));
}

std::string explain_check_offloads(const Passage& passage) {
  return passage.offloaded == 0 ? "it leaves no work to others" : "its requests can be met";
}

std::string explain_mirror(const Passage& passage) {
  const Observers* observers = passage.vswitch.observers.get();
  if (observers == nullptr) return "the vswitch has no mirror";
  return mirrored(passage) != 0 ? fmt::format("a copy goes to port {}", observers->mirror->number)
                                : "it is none of those that the mirror copies when they come in";
}

std::string explain_filter(const Passage& passage) {
  return passage.vswitch.filters.empty() ? "the vswitch has no filters"
                                         : "the filters of the vswitch let it pass";
}

std::string explain_snoop(const Passage& passage) {
  if (!passage.groups) return "it is for one station";
  if (passage.restricted == 0) return "it is for all ports of its VLAN";
  std::string ports;
  for (const PortView& port : passage.vswitch.ports) {
    if (!passage.audience[0]->contains(port.number)) continue;
    ports += fmt::format("{}{}", ports.empty() ? "" : ", ", port.number);
  }
  return fmt::format("its multicast group is wanted by ports: {}", ports.empty() ? "none" : ports);
}

std::string explain_forward(const Passage& passage) {
  if (passage.runs().front().destination.is_group()) {
    return passage.restricted == 0
               ? "it is for a group: to all other ports that carry its VLAN"
               : "it is for a group: to the other ports among those that carry its VLAN";
  }
  const std::uint16_t port = known_port(passage);
  if (port == MacTable::kUnknown) {
    return fmt::format("nobody with {} has been seen: to all other ports that carry its VLAN",
                       destination_text(passage));
  }
  return fmt::format("{} was last seen behind port {}", destination_text(passage), port);
}

struct Explanation {
  std::string_view stage;
  std::string (*explain)(const Passage&);
};
constexpr std::array kExplanations{Explanation{"parse", explain_parse},
                                   Explanation{"admit", explain_admit},
                                   Explanation{"check_offloads", explain_check_offloads},
                                   Explanation{"mirror", explain_mirror},
                                   Explanation{"filter", explain_filter},
                                   Explanation{"snoop", explain_snoop},
                                   Explanation{"forward", explain_forward}};

}  // namespace

std::string explain(std::string_view stage, const Passage& passage) {
  for (const Explanation& one : kExplanations) {
    if (one.stage == stage) return one.explain(passage);
  }
  return "it passes";
}

std::string explain_learning(const Passage& passage) {
  const MacTable::Key& source = passage.runs().front().source;
  const std::uint16_t port = passage.ingress_port().number;
  const std::uint16_t known = passage.vswitch.macs->find(source, passage.now);
  if (known == port) return fmt::format("{} is known behind port {}", address_text(source), port);
  if (known == MacTable::kUnknown) {
    return fmt::format("{} would be learnt behind port {}", address_text(source), port);
  }
  return fmt::format("{} would move to port {}: it was last seen behind port {}",
                     address_text(source), port, known);
}

std::string explain_change(const Passage& passage, std::span<const std::byte> received) {
  const Domain before = run_tag(passage, passage.runs().front());
  const Domain after = tag_of(received);
  if (before == after) return {};
  return fmt::format("with {} in place of {}", tag_text(after), tag_text(before));
}

std::string destination_text(const Passage& passage) {
  return address_text(passage.runs().front().destination);
}

std::string source_text(const Passage& passage) {
  return address_text(passage.runs().front().source);
}

std::string domain_text(Domain domain) {
  return domain == kNoVlan ? "the frames that are in no VLAN" : fmt::format("VLAN {}", domain);
}

std::uint16_t known_port(const Passage& passage) {
  const MacTable::Key& to = passage.runs().front().destination;
  return to.is_group() ? MacTable::kUnknown : passage.vswitch.macs->find(to, passage.now);
}

}  // namespace hpvmnet
