#include "cli/commands/port_setting.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/fields.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr const char* kNone = "none";
constexpr const char* kSplit = "split";
constexpr const char* kPacked = "packed";

Result<std::uint32_t> number(const Field& field, std::uint32_t last, std::string_view what,
                             std::string_view whole) {
  const auto value = parse_number(field.text);
  if (value && *value <= last) return *value;
  return wrong_at(whole, field.column, fmt::format("{} is not {}", shown(field.text), what));
}

Result<PortSetting::Value> read_vlan(const Field& value, std::string_view whole) {
  if (value.text == kNone) return PortSetting::Vlan{};
  return number(value, kLastVlanId, "a VLAN id; 0 to 4094, or none", whole)
      .map([](std::uint32_t id) -> PortSetting::Value { return PortSetting::Vlan{id}; });
}

// The daemon judges the list.
Result<PortSetting::Value> read_trunk(const Field& value, std::string_view whole) {
  if (value.text == kNone) return PortSetting::Trunk{};
  if (!value.text.empty()) return PortSetting::Trunk{std::string(value.text)};
  return wrong_at(whole, value.column, "expected VLANs, as in 10,20-29, or all, or none");
}

Result<PortSetting::Value> read_queues(const Field& value, std::string_view whole) {
  return number(value, kMostQueuePairs, "a number of queue pairs; 1 to 16", whole)
      .map(
          [](std::uint32_t count) -> PortSetting::Value { return PortSetting::QueuePairs{count}; });
}

Result<PortSetting::Value> read_rings(const Field& value, std::string_view whole) {
  if (value.text == kSplit) return PortSetting::Rings{false};
  if (value.text == kPacked) return PortSetting::Rings{true};
  return wrong_at(whole, value.column,
                  fmt::format("{} is not a kind of rings; split or packed", shown(value.text)));
}

struct Keyword {
  std::string_view word;
  Result<PortSetting::Value> (*read)(const Field& value, std::string_view whole);
};
constexpr std::array kKeywords{Keyword{"vlanid", read_vlan}, Keyword{"native", read_vlan},
                               Keyword{"trunk", read_trunk}, Keyword{"queues", read_queues},
                               Keyword{"rings", read_rings}};

// One overload a kind of setting.
struct Send {
  Client& client;
  const v1::VswitchReference& which;
  std::uint32_t port;

  Status operator()(const PortSetting::Vlan& vlan) const {
    v1::SetPortVlanRequest request;
    if (vlan.id) request.set_vlan_id(*vlan.id);
    return send(&Client::Vswitches::SetPortVlan, request);
  }
  Status operator()(const PortSetting::Trunk& trunk) const {
    v1::SetPortTrunkRequest request;
    request.set_trunk(trunk.vlans);
    return send(&Client::Vswitches::SetPortTrunk, request);
  }
  Status operator()(const PortSetting::QueuePairs& pairs) const {
    v1::SetPortQueuePairsRequest request;
    request.set_queue_pairs(pairs.count);
    return send(&Client::Vswitches::SetPortQueuePairs, request);
  }
  Status operator()(const PortSetting::Rings& rings) const {
    v1::SetPortRingsRequest request;
    request.set_rings(rings.packed ? v1::Port::RINGS_PACKED : v1::Port::RINGS_SPLIT);
    return send(&Client::Vswitches::SetPortRings, request);
  }

 private:
  template <class Method, class Request>
  Status send(Method method, Request& request) const {
    *request.mutable_vswitch() = which;
    request.set_port(port);
    return client.change(method, request).map([](const auto&) {});
  }
};

}  // namespace

Result<PortSetting> parse_port_setting(const std::string& text) {
  Fields fields({text, 1}, ':');
  if (const Field first = fields.take(); first.text != "portid") {
    return wrong_at(text, first.column,
                    fmt::format("expected 'portid', not {}", shown(first.text)));
  }
  const auto port = number(fields.take(), kPortsPerVswitch - 1, "a port id; 0 to 511", text);
  if (!port) return tl::unexpected(port.error());
  const Field word = fields.take();
  const auto keyword = std::ranges::find(kKeywords, word.text, &Keyword::word);
  if (keyword == kKeywords.end()) {
    return wrong_at(text, word.column,
                    fmt::format("expected 'vlanid', 'native', 'trunk', 'queues' or 'rings', not {}",
                                shown(word.text)));
  }
  const Field value = fields.take();
  if (fields.more()) {
    return wrong_at(text, fields.take().column,
                    fmt::format("nothing may follow {}", shown(value.text)));
  }
  return keyword->read(value, text).map([&](PortSetting::Value read) {
    return PortSetting{*port, std::move(read)};
  });
}

Status set_port(Client& client, const v1::VswitchReference& which, const PortSetting& setting) {
  return std::visit(Send{client, which, setting.port}, setting.value);
}

}  // namespace hpvmnet::cli
