#include "cli/yaml/import.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/filter_list.h"
#include "cli/mirror_spec.h"
#include "cli/multicast_policy.h"
#include "cli/suggestion.h"
#include "cli/values.h"
#include "cli/vnic_spec.h"
#include "cli/yaml/document.h"

namespace hpvmnet::cli {
namespace {

using Reader = Document::Reader;

constexpr const char* kLocalnet = "localnet";  // exists without being named, too
constexpr const char* kNone = "none";

bool is_none(const YAML::Node& value) {
  return value.IsNull() || (value.IsScalar() && value.Scalar() == kNone);
}

class Importer {
 public:
  Importer(const Document& document, bool all) : document_(document), all_(all) {}

  Result<v1::Configuration> run() {
    const std::array readers{
        Reader{"vswitches", [&](const YAML::Node& value) { return vswitches(value); }},
        Reader{"guests", [&](const YAML::Node& value) {
                 guests_ = value;  // after the vswitches, wherever they stand
                 return Status{};
               }}};
    return document_.read(document_.root(), "a configuration", readers)
        .and_then([&] { return guests(); })
        .map([&] { return std::move(configuration_); });
  }

 private:
  Status vswitches(const YAML::Node& all) {
    return document_.for_each(
        all, "'vswitches'", [&](const YAML::Node& name, const YAML::Node& value) {
          v1::VswitchConfiguration& vswitch = *configuration_.add_vswitches();
          vswitch.set_source(document_.place(name.Mark()));
          return document_.text(name, "the name of a vswitch").and_then([&](std::string text) {
            vswitch.set_name(std::move(text));
            return this->vswitch(value, vswitch);
          });
        });
  }

  Status vswitch(const YAML::Node& node, v1::VswitchConfiguration& vswitch) {
    const std::array readers{
        Reader{"up",
               [&](const YAML::Node& value) {
                 return document_.yes_or_no(value, "'up'").map([&](bool up) {
                   vswitch.set_down(!up);
                 });
               }},
        Reader{"backing", [&](const YAML::Node& value) { return backing(value, vswitch); }},
        Reader{"multicast", [&](const YAML::Node& value) { return multicast(value, vswitch); }},
        Reader{"filters", [&](const YAML::Node& value) { return filters(value, vswitch); }},
        Reader{"mirror", [&](const YAML::Node& value) { return mirror(value, vswitch); }},
        Reader{"ports", [&](const YAML::Node& value) { return ports(value, vswitch); }}};
    return document_.read(node, "a vswitch", readers);
  }

  // Just the interface, or a mapping.
  Status backing(const YAML::Node& node, v1::VswitchConfiguration& vswitch) {
    if (is_none(node)) return {};
    v1::Backing& backing = *vswitch.mutable_backing();
    const auto interface = [&](const YAML::Node& value) {
      return document_.text(value, "an interface").map([&](std::string text) {
        backing.set_interface(std::move(text));
      });
    };
    if (node.IsScalar()) return interface(node);
    const std::array readers{
        Reader{"interface", interface},
        Reader{"vlan",
               [&](const YAML::Node& value) {
                 return document_.number(value, "a VLAN of a network", 1, kLastVlanId)
                     .map([&](std::uint32_t id) { backing.set_vlan_id(id); });
               }},
        Reader{"mode", [&](const YAML::Node& value) {
                 return document_.text(value, "a mode").map([&](std::string text) {
                   backing.set_mode(std::move(text));
                 });
               }}};
    if (auto status = document_.read(node, "a backing", readers); !status) return status;
    if (!backing.interface().empty()) return {};
    return document_.wrong(node, "a backing needs an interface; add 'interface: NAME'");
  }

  Status multicast(const YAML::Node& value, v1::VswitchConfiguration& vswitch) {
    const auto text = document_.text(value, "'multicast'");
    if (!text) return tl::unexpected(text.error());
    const auto policy = parse_multicast_policy(*text);
    if (!policy) {
      return document_.wrong(
          value,
          fmt::format("{} is no way to treat multicast; flood, snoop or strict", shown(*text)));
    }
    vswitch.set_multicast(*policy);
    return {};
  }

  // A list of NAME or NAME(ARGUMENTS), or several of them in one text.
  Status filters(const YAML::Node& value, v1::VswitchConfiguration& vswitch) {
    return each_text(value, "a filter", [&](const YAML::Node& part, const std::string& text) {
      const auto filters = parse_filter_list({text, 1}, text);
      if (!filters) return Status(document_.wrong(part, filters.error().text));
      for (const v1::Filter& filter : *filters) *vswitch.add_filters() = filter;
      return Status();
    });
  }

  Status mirror(const YAML::Node& node, v1::VswitchConfiguration& vswitch) {
    if (is_none(node)) return {};
    MirrorSpec spec;
    bool to = false;
    const std::array readers{
        Reader{"to",
               [&](const YAML::Node& value) {
                 return document_.number(value, "a port", 0, kPortsPerVswitch - 1)
                     .map([&](std::uint32_t port) {
                       spec.port = port;
                       to = true;
                     });
               }},
        Reader{"from",
               [&](const YAML::Node& value) {
                 return each_text(value, "a port",
                                  [&](const YAML::Node&, const std::string& text) -> Status {
                                    spec.sources += (spec.sources.empty() ? "" : ",") + text;
                                    return {};
                                  });
               }},
        Reader{"direction", [&](const YAML::Node& value) { return direction(value, spec); }},
        Reader{"filter", [&](const YAML::Node& value) {
                 return document_.text(value, "a filter").map([&](std::string text) {
                   spec.filter = std::move(text);
                 });
               }}};
    if (auto status = document_.read(node, "a mirror", readers); !status) return status;
    if (!to) return document_.wrong(node, "a mirror needs a port; add 'to: NUMBER'");
    const auto read = read_mirror(spec, spec.sources);
    if (!read) return document_.wrong(node, read.error().text);
    *vswitch.mutable_mirror() = *read;
    return {};
  }

  Status direction(const YAML::Node& value, MirrorSpec& spec) {
    return document_.text(value, "'direction'").and_then([&](const std::string& text) -> Status {
      spec.ingress = text == "ingress" || text == "both";
      spec.egress = text == "egress" || text == "both";
      if (spec.ingress || spec.egress) return {};
      return document_.wrong(
          value, fmt::format("{} is no direction; ingress, egress or both", shown(text)));
    });
  }

  Status ports(const YAML::Node& all, v1::VswitchConfiguration& vswitch) {
    return document_.for_each(all, "'ports'",
                              [&](const YAML::Node& number, const YAML::Node& value) {
                                v1::PortConfiguration& port = *vswitch.add_ports();
                                port.set_source(document_.place(number.Mark()));
                                return document_.number(number, "a port", 0, kPortsPerVswitch - 1)
                                    .and_then([&](std::uint32_t read) {
                                      port.set_number(read);
                                      return this->port(value, port);
                                    });
                              });
  }

  Status port(const YAML::Node& node, v1::PortConfiguration& port) {
    const std::array readers{
        Reader{
            "vlan",
            [&](const YAML::Node& value) -> Status {
              if (is_none(value)) return {};
              return document_.number(value, "a VLAN", 0, kLastVlanId).map([&](std::uint32_t id) {
                port.set_vlan_id(id);
              });
            }},
        Reader{"trunk", [&](const YAML::Node& value) { return trunk(value, port); }},
        Reader{"queues",
               [&](const YAML::Node& value) {
                 return document_.number(value, "a number of queue pairs", 1, kMostQueuePairs)
                     .map([&](std::uint32_t pairs) { port.set_queue_pairs(pairs); });
               }},
        Reader{"rings", [&](const YAML::Node& value) { return rings(value, port); }}};
    return document_.read(node, "a port", readers);
  }

  // "10,20-29", or a list of such. The daemon judges it.
  Status trunk(const YAML::Node& value, v1::PortConfiguration& port) {
    std::string vlans;
    const Status read =
        each_text(value, "VLANs", [&](const YAML::Node&, const std::string& text) -> Status {
          vlans += (vlans.empty() ? "" : ",") + text;
          return {};
        });
    port.set_trunk(vlans == kNone ? "" : vlans);
    return read;
  }

  // Of a list, or of a single value.
  template <class Take>
  Status each_text(const YAML::Node& value, std::string_view what, Take take) {
    const auto one = [&](const YAML::Node& part) {
      return document_.text(part, what).and_then([&](const std::string& text) {
        return take(part, text);
      });
    };
    if (!value.IsSequence()) return one(value);
    for (const YAML::Node& part : value) {
      if (auto status = one(part); !status) return status;
    }
    return {};
  }

  Status rings(const YAML::Node& value, v1::PortConfiguration& port) {
    return document_.text(value, "'rings'").and_then([&](const std::string& text) -> Status {
      if (text != "split" && text != "packed") {
        return document_.wrong(
            value, fmt::format("{} is not a kind of rings; split or packed", shown(text)));
      }
      port.set_rings(text == "packed" ? v1::Port::RINGS_PACKED : v1::Port::RINGS_SPLIT);
      return {};
    });
  }

  Status guests() {
    return document_.for_each(
        guests_, "'guests'", [&](const YAML::Node& name, const YAML::Node& value) {
          v1::GuestConfiguration& guest = *configuration_.add_guests();
          guest.set_source(document_.place(name.Mark()));
          return document_.text(name, "the name of a guest").and_then([&](std::string text) {
            guest.set_name(std::move(text));
            const std::array readers{Reader{
                "vnics", [&](const YAML::Node& vnics) { return this->vnics(vnics, guest); }}};
            return document_.read(value, "a guest", readers);
          });
        });
  }

  Status vnics(const YAML::Node& all, v1::GuestConfiguration& guest) {
    if (all.IsNull()) return {};
    if (!all.IsSequence()) return document_.wrong(all, "'vnics' is a list: '- vswitch: NAME'");
    for (const YAML::Node& each : all) {
      if (auto status = vnic(each, *guest.add_vnics()); !status) return status;
    }
    return {};
  }

  Status vnic(const YAML::Node& node, v1::VnicRequest& vnic) {
    const auto number = [&](std::string_view what, std::uint32_t last, auto set) {
      return [&vnic, this, what, last, set](const YAML::Node& value) {
        return document_.number(value, what, 0, last).map([&](std::uint32_t read) {
          (vnic.*set)(read);
        });
      };
    };
    const std::array readers{
        Reader{"vswitch", [&](const YAML::Node& value) { return vswitch_of(value, vnic); }},
        Reader{"adaptor",
               [&](const YAML::Node& value) {
                 return document_.text(value, "an adaptor").map([&](const std::string& text) {
                   vnic.set_adaptor(text == "aviolan" ? "avio_lan" : text);
                 });
               }},
        Reader{"port", number("a port", kPortsPerVswitch - 1, &v1::VnicRequest::set_port)},
        Reader{"bus", number("a bus", kLastBus, &v1::VnicRequest::set_bus)},
        Reader{"device", number("a device", kLastDevice, &v1::VnicRequest::set_device)},
        Reader{"mac", [&](const YAML::Node& value) { return mac(value, vnic); }},
        Reader{"endpoint", [&](const YAML::Node& value) {
                 return document_.text(value, "an endpoint").map([&](const std::string& text) {
                   vnic.set_endpoint(text == kNone ? "" : text);
                 });
               }}};
    if (auto status = document_.read(node, "a vNIC", readers); !status) return status;
    if (vnic.vswitch().empty()) {
      return document_.wrong(node, "a vNIC needs a vswitch; add 'vswitch: NAME'");
    }
    if (vnic.adaptor().empty()) vnic.set_adaptor("avio_lan");
    return {};
  }

  Status vswitch_of(const YAML::Node& value, v1::VnicRequest& vnic) {
    const auto name = document_.text(value, "the name of a vswitch");
    if (!name) return tl::unexpected(name.error());
    std::vector<std::string> known{kLocalnet};
    for (const auto& vswitch : configuration_.vswitches()) known.push_back(vswitch.name());
    if (all_ && std::ranges::find(known, *name) == known.end()) {
      std::string hint = suggestion(*name, known);
      if (hint.empty()) hint = "; add it to 'vswitches'";
      return document_.wrong(value,
                             fmt::format("there is no vswitch {} here{}", shown(*name), hint));
    }
    vnic.set_vswitch(*name);
    return {};
  }

  Status mac(const YAML::Node& value, v1::VnicRequest& vnic) {
    return document_.text(value, "a MAC address").and_then([&](const std::string& text) -> Status {
      const std::string address = dashed_address(text);
      if (address.empty()) {
        return document_.wrong(
            value, fmt::format("{} is not a MAC address; write aa-bb-cc-00-11-22", shown(text)));
      }
      vnic.set_mac_address(address);
      return {};
    });
  }

  const Document& document_;
  bool all_;
  YAML::Node guests_;
  v1::Configuration configuration_;
};

}  // namespace

Result<v1::Configuration> import_yaml(const std::string& text, const std::string& name, bool all) {
  const auto document = Document::parse(text, name);
  if (!document) return tl::unexpected(document.error());
  return Importer(*document, all).run();
}

}  // namespace hpvmnet::cli
