#include "cli/vnic_spec.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "cli/fields.h"
#include "cli/mac.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr std::string_view kKeys = "vswitch, adaptor, port, bus, device, mac and endpoint";

Result<std::uint32_t> read_number(const Field& value, std::string_view what, std::uint32_t last,
                                  std::string_view whole) {
  const auto number = parse_number(value.text);
  if (number && *number <= last) return *number;
  return wrong_at(whole, value.column,
                  fmt::format("{} is not a {}; 0 to {}", shown(value.text), what, last));
}

Status set(v1::VnicRequest& vnic, const Field& key, const Field& value, std::string_view whole) {
  const auto number = [&](std::uint32_t last, auto setter) {
    return read_number(value, key.text, last, whole).map([&](std::uint32_t n) {
      (vnic.*setter)(n);
    });
  };
  if (key.text == "port") return number(kPortsPerVswitch - 1, &v1::VnicRequest::set_port);
  if (key.text == "bus") return number(kLastBus, &v1::VnicRequest::set_bus);
  if (key.text == "device") return number(kLastDevice, &v1::VnicRequest::set_device);
  if (key.text == "endpoint") {
    vnic.set_endpoint(value.text == "none" ? "" : std::string(value.text));
    return {};
  }
  if (value.text.empty()) {
    return wrong_at(whole, value.column, fmt::format("nothing follows '{}='", key.text));
  }
  if (key.text == "vswitch") {
    return plain_name("vswitch", std::string(value.text)).map([&](const std::string& name) {
      vnic.set_vswitch(name);
    });
  }
  if (key.text == "adaptor") {
    return plain_name("adaptor", std::string(value.text)).map([&](const std::string& name) {
      vnic.set_adaptor(name == "aviolan" ? "avio_lan" : name);
    });
  }
  const std::string mac = dashed_address(value.text);
  if (mac.empty()) {
    return wrong_at(
        whole, value.column,
        fmt::format("{} is not a MAC address; write aa-bb-cc-00-11-22", shown(value.text)));
  }
  vnic.set_mac_address(mac);
  return {};
}

bool is_key(std::string_view word) {
  constexpr std::array<std::string_view, 7> kWords{"vswitch", "adaptor", "port",    "bus",
                                                   "device",  "mac",     "endpoint"};
  return std::ranges::find(kWords, word) != kWords.end();
}

}  // namespace

std::string dashed_address(std::string_view text) {
  std::string dashed(text);
  std::ranges::replace(dashed, ':', '-');
  const auto mac = Mac::parse(dashed);
  return mac ? mac->dashed() : std::string();
}

Result<v1::VnicRequest> parse_vnic(const std::string& text, ResourceUse use) {
  if (text.starts_with("network:")) return parse_resource(text, use);
  v1::VnicRequest vnic;
  std::vector<std::string_view> seen;
  Fields fields({text, 1}, ',');
  while (fields.more()) {
    const Field field = fields.take();
    const std::size_t length = field.text.find('=');
    const Field key{field.text.substr(0, length), field.column};
    if (length == std::string_view::npos || !is_key(key.text)) {
      return wrong_at(
          text, key.column,
          fmt::format("expected KEY=VALUE, not {}; the keys are {}", shown(field.text), kKeys));
    }
    if (std::ranges::find(seen, key.text) != seen.end()) {
      return wrong_at(text, key.column, fmt::format("'{}' is given more than once", key.text));
    }
    seen.push_back(key.text);
    const Field value{field.text.substr(length + 1), field.column + length + 1};
    if (auto status = set(vnic, key, value, text); !status) return tl::unexpected(status.error());
  }
  if (use == ResourceUse::find) return vnic;
  if (vnic.vswitch().empty()) {
    return wrong_usage(
        fmt::format("{} names no vswitch for the vNIC; add vswitch=NAME", shown(text)));
  }
  if (vnic.adaptor().empty()) vnic.set_adaptor("avio_lan");
  return vnic;
}

}  // namespace hpvmnet::cli
