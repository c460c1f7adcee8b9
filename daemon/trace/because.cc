#include <fmt/format.h>

#include "switch/run_tag.h"
#include "trace/explain.h"

namespace hpvmnet {
namespace {

std::string because_of_vlan(const Passage& passage) {
  const PortVlans& vlans = *passage.ingress_port().tags;
  return fmt::format("the frame's tag is VLAN {}'s, and port {} is a trunk of {}",
                     run_tag(passage, passage.runs().front()), passage.ingress_port().number,
                     vlans.tagged.any() ? vlans.tagged.text() : "none");
}

std::string because_of_nobody(const Passage& passage) {
  return fmt::format("of the attached ports only {} carries {}", passage.ingress_port().number,
                     domain_text(passage.runs().front().destination.domain()));
}

}  // namespace

std::string because(Drop reason, const Passage& passage) {
  const std::uint16_t port = passage.ingress_port().number;
  switch (reason) {
    case Drop::runt:
      return fmt::format("it has {} bytes", passage.burst[0].length);
    case Drop::vswitch_down:
      return "nobody has booted it; do so with hpvmnet -b";
    case Drop::blocked:
      return fmt::format("frames of the vswitch came back by port {}; that ends after a minute",
                         port);
    case Drop::tagged:
      return fmt::format("the frame has the tag of VLAN {}, and port {} is no trunk",
                         run_tag(passage, passage.runs().front()), port);
    case Drop::untagged:
      return fmt::format("port {} is a trunk without a native VLAN", port);
    case Drop::vlan:
      return because_of_vlan(passage);
    case Drop::group_source:
      return fmt::format("{} is one", source_text(passage));
    case Drop::same_port:
      return fmt::format("{} was last seen behind port {}, too", destination_text(passage), port);
    case Drop::no_receiver:
      return because_of_nobody(passage);
    case Drop::no_member:
      return fmt::format("no other port wants {}", destination_text(passage));
    case Drop::not_ready:
      return fmt::format("{} was last seen behind port {}, which is not attached",
                         destination_text(passage), known_port(passage));
    default:
      return {};
  }
}

}  // namespace hpvmnet
