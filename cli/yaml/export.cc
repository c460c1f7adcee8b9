#include "cli/yaml/export.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>

#include <yaml-cpp/yaml.h>

#include "cli/filter_list.h"
#include "cli/mirror_words.h"
#include "cli/multicast_policy.h"

namespace hpvmnet::cli {
namespace {

// Text that other readers of YAML would take for something else is put in quotes.
bool is_plain(std::string_view text) {
  constexpr std::array<std::string_view, 10> kWords{"true", "false", "yes", "no", "on",
                                                    "off",  "null",  "y",   "n",  "nan"};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.empty() || !is_letter(text.front())) return false;
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return std::ranges::find(kWords, lower) == kWords.end();
}

void put(YAML::Emitter& out, const std::string& text) {
  if (is_plain(text)) {
    out << text;
  } else {
    out << YAML::DoubleQuoted << text;
  }
}

template <class Value>
void put(YAML::Emitter& out, const char* key, const Value& value) {
  out << YAML::Key << key << YAML::Value;
  if constexpr (std::is_convertible_v<Value, std::string>) {
    put(out, std::string(value));
  } else {
    out << value;
  }
}

void put(YAML::Emitter& out, const v1::Backing& backing) {
  out << YAML::Key << "backing" << YAML::Value << YAML::Flow << YAML::BeginMap;
  put(out, "interface", backing.interface());
  if (backing.has_vlan_id()) put(out, "vlan", backing.vlan_id());
  if (!backing.mode().empty()) put(out, "mode", backing.mode());
  out << YAML::EndMap;
}

void put_filters(YAML::Emitter& out, const v1::VswitchConfiguration& vswitch) {
  out << YAML::Key << "filters" << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const v1::Filter& filter : vswitch.filters()) put(out, filter_text(filter));
  out << YAML::EndSeq;
}

void put(YAML::Emitter& out, const v1::Mirror& mirror) {
  out << YAML::Key << "mirror" << YAML::Value << YAML::Flow << YAML::BeginMap;
  put(out, "to", mirror.port());
  if (mirror.sources_size() > 0) put(out, "from", mirror_sources_text(mirror));
  put(out, "direction", mirror_direction_text(mirror));
  if (!mirror.filter().empty()) put(out, "filter", mirror.filter());
  out << YAML::EndMap;
}

void put(YAML::Emitter& out, const v1::PortConfiguration& port) {
  out << YAML::Key << port.number() << YAML::Value << YAML::Flow << YAML::BeginMap;
  if (port.has_vlan_id()) put(out, "vlan", port.vlan_id());
  if (!port.trunk().empty()) put(out, "trunk", port.trunk());
  if (port.queue_pairs() > 1) put(out, "queues", port.queue_pairs());
  if (port.rings() == v1::Port::RINGS_PACKED) put(out, "rings", "packed");
  out << YAML::EndMap;
}

void put(YAML::Emitter& out, const v1::VswitchConfiguration& vswitch) {
  out << YAML::Key;
  put(out, vswitch.name());
  out << YAML::Value << YAML::BeginMap;
  put(out, "up", !vswitch.down());
  if (vswitch.has_backing()) put(out, vswitch.backing());
  if (vswitch.multicast() != v1::Vswitch::MULTICAST_UNSPECIFIED) {
    put(out, "multicast", std::string(multicast_policy_text(vswitch.multicast())));
  }
  if (vswitch.filters_size() > 0) put_filters(out, vswitch);
  if (vswitch.has_mirror()) put(out, vswitch.mirror());
  if (vswitch.ports_size() > 0) {
    out << YAML::Key << "ports" << YAML::Value << YAML::BeginMap;
    for (const auto& port : vswitch.ports()) put(out, port);
    out << YAML::EndMap;
  }
  out << YAML::EndMap;
}

void put(YAML::Emitter& out, const v1::VnicRequest& vnic) {
  out << YAML::Flow << YAML::BeginMap;
  put(out, "vswitch", vnic.vswitch());
  if (vnic.has_port()) put(out, "port", vnic.port());
  put(out, "adaptor", vnic.adaptor());
  if (vnic.has_bus()) put(out, "bus", vnic.bus());
  if (vnic.has_device()) put(out, "device", vnic.device());
  if (vnic.has_mac_address()) put(out, "mac", vnic.mac_address());
  if (!vnic.endpoint().empty()) put(out, "endpoint", vnic.endpoint());
  out << YAML::EndMap;
}

void put(YAML::Emitter& out, const v1::GuestConfiguration& guest) {
  out << YAML::Key;
  put(out, guest.name());
  out << YAML::Value << YAML::BeginMap << YAML::Key << "vnics" << YAML::Value;
  out << (guest.vnics_size() > 0 ? YAML::Block : YAML::Flow) << YAML::BeginSeq;
  for (const auto& vnic : guest.vnics()) put(out, vnic);
  out << YAML::EndSeq << YAML::EndMap;
}

template <class Parts>
void put_all(YAML::Emitter& out, const char* key, const Parts& parts) {
  out << YAML::Key << key << YAML::Value;
  out << (parts.empty() ? YAML::Flow : YAML::Block) << YAML::BeginMap;
  for (const auto& part : parts) put(out, part);
  out << YAML::EndMap;
}

}  // namespace

std::string export_yaml(const v1::Configuration& configuration) {
  YAML::Emitter out;
  out.SetBoolFormat(YAML::TrueFalseBool);
  out << YAML::BeginMap;
  put_all(out, "vswitches", configuration.vswitches());
  put_all(out, "guests", configuration.guests());
  out << YAML::EndMap;
  return std::string(out.c_str()) + '\n';
}

}  // namespace hpvmnet::cli
