#include "cli/commands/vswitch_change.h"

#include <fmt/format.h>

#include "cli/fields.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr const char* kNoVlan = "none";
constexpr const char* kSplit = "split";
constexpr const char* kPacked = "packed";

Status expect(Fields& fields, std::string_view keyword, std::string_view whole) {
  const Field field = fields.take();
  if (field.text == keyword) return {};
  return wrong_at(whole, field.column,
                  fmt::format("expected '{}', not {}", keyword, shown(field.text)));
}

Result<std::uint32_t> number(const Field& field, std::uint32_t last, std::string_view what,
                             std::string_view whole) {
  const auto value = parse_number(field.text);
  if (value && *value <= last) return *value;
  return wrong_at(whole, field.column, fmt::format("{} is not {}", shown(field.text), what));
}

// Sends a request that has nothing but the vswitch in it.
template <class Method, class Request>
Status change(Client& client, Method method, Request request, const v1::VswitchReference& which) {
  *request.mutable_vswitch() = which;
  return client.change(method, request).map([](const auto&) {});
}

}  // namespace

Result<PortSetting> parse_port_setting(const std::string& text) {
  Fields fields({text, 1}, ':');
  if (auto status = expect(fields, "portid", text); !status) return tl::unexpected(status.error());
  const auto port = number(fields.take(), kPortsPerVswitch - 1, "a port id; 0 to 511", text);
  if (!port) return tl::unexpected(port.error());
  const Field keyword = fields.take();
  const Field value = fields.take();
  if (keyword.text != "vlanid" && keyword.text != "queues" && keyword.text != "rings") {
    return wrong_at(
        text, keyword.column,
        fmt::format("expected 'vlanid', 'queues' or 'rings', not {}", shown(keyword.text)));
  }
  if (fields.more()) {
    return wrong_at(text, fields.take().column,
                    fmt::format("nothing may follow {}", shown(value.text)));
  }
  if (keyword.text == "queues") {
    return number(value, kMostQueuePairs, "a number of queue pairs; 1 to 16", text)
        .map([&](std::uint32_t count) {
          return PortSetting{*port, PortSetting::QueuePairs{count}};
        });
  }
  if (keyword.text == "rings") {
    if (value.text == kSplit) return PortSetting{*port, PortSetting::Rings{false}};
    if (value.text == kPacked) return PortSetting{*port, PortSetting::Rings{true}};
    return wrong_at(text, value.column,
                    fmt::format("{} is not a kind of rings; split or packed", shown(value.text)));
  }
  if (value.text == kNoVlan) return PortSetting{*port, PortSetting::Vlan{}};
  return number(value, kLastVlanId, "a VLAN id; 0 to 4094, or none", text)
      .map([&](std::uint32_t id) {
        return PortSetting{*port, PortSetting::Vlan{id}};
      });
}

Status create_vswitch(Client& client, const std::string& name) {
  v1::CreateVswitchRequest request;
  request.set_name(name);
  return client.change(&Client::Vswitches::CreateVswitch, request).map([](const auto&) {});
}

Status boot_vswitch(Client& client, const v1::VswitchReference& which) {
  return change(client, &Client::Vswitches::BootVswitch, v1::BootVswitchRequest(), which);
}

Status halt_vswitch(Client& client, const v1::VswitchReference& which) {
  return change(client, &Client::Vswitches::HaltVswitch, v1::HaltVswitchRequest(), which);
}

Status delete_vswitch(Client& client, const v1::VswitchReference& which) {
  return change(client, &Client::Vswitches::DeleteVswitch, v1::DeleteVswitchRequest(), which);
}

Status set_port(Client& client, const v1::VswitchReference& which, const PortSetting& setting) {
  if (const auto* pairs = std::get_if<PortSetting::QueuePairs>(&setting.value)) {
    v1::SetPortQueuePairsRequest request;
    request.set_port(setting.port);
    request.set_queue_pairs(pairs->count);
    return change(client, &Client::Vswitches::SetPortQueuePairs, request, which);
  }
  if (const auto* rings = std::get_if<PortSetting::Rings>(&setting.value)) {
    v1::SetPortRingsRequest request;
    request.set_port(setting.port);
    request.set_rings(rings->packed ? v1::Port::RINGS_PACKED : v1::Port::RINGS_SPLIT);
    return change(client, &Client::Vswitches::SetPortRings, request, which);
  }
  v1::SetPortVlanRequest request;
  request.set_port(setting.port);
  const auto& vlan = std::get<PortSetting::Vlan>(setting.value);
  if (vlan.id) request.set_vlan_id(*vlan.id);
  return change(client, &Client::Vswitches::SetPortVlan, request, which);
}

}  // namespace hpvmnet::cli
