#include "control/vnics.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "control/rules.h"
#include "control/vnic_chooser.h"

namespace hpvmnet {
namespace {

std::string position(const Vnic& vnic) {
  return fmt::format("bus {}, device {}", vnic.bus, vnic.device);
}

std::string place(const Vnic& vnic) {
  return fmt::format("port {} of vswitch {}", vnic.port, quoted(vnic.vswitch));
}

std::string endpoint(const std::string& name) {
  return name.empty() ? "its adaptor's default" : quoted(name);
}

bool same_position(const Vnic& a, const Vnic& b) { return a.bus == b.bus && a.device == b.device; }
bool same_place(const Vnic& a, const Vnic& b) { return a.vswitch == b.vswitch && a.port == b.port; }

/// Judges the values that a request gives, each for itself.
Status check_values(const Model& model, const VnicRequest& request, const EditContext& context) {
  if (!request.adaptor.empty() && !context.adaptor_known(request.adaptor)) {
    return fail(ErrorCode::not_found,
                fmt::format("there is no adaptor {}: no plugin of that name is loaded; 'avio_lan' "
                            "and 'lan' come with hpvmnet",
                            quoted(request.adaptor)));
  }
  if (!request.vswitch.empty()) {
    if (const auto name = find_vswitch(model, {.name = request.vswitch}); !name) {
      return tl::unexpected(name.error());
    }
  }
  if (auto status = check_position(request.bus, request.device); !status) return status;
  if (request.port) {
    if (auto status = check_port_number(*request.port); !status) return status;
  }
  if (request.endpoint) {
    if (auto status = check_endpoint(*request.endpoint); !status) return status;
  }
  return request.mac ? check_given_mac(*request.mac) : Status{};
}

Status check_complete(const VnicRequest& request) {
  if (request.adaptor.empty()) {
    return fail(ErrorCode::invalid_argument,
                "a vNIC needs an adaptor: 'avio_lan' (accelerated) or 'lan' (emulated)");
  }
  if (request.vswitch.empty()) {
    return fail(ErrorCode::invalid_argument,
                "a vNIC needs a vswitch: name one; 'hpvmnet' lists the vswitches");
  }
  return {};
}

/// What a request looks for, in words that follow "no vNIC".
std::string describe(const VnicRequest& request) {
  std::string text;
  if (!request.adaptor.empty()) text += fmt::format(" with adaptor {}", quoted(request.adaptor));
  if (request.bus) text += fmt::format(" at bus {}", *request.bus);
  if (request.device)
    text += fmt::format("{} device {}", request.bus ? "," : " at", *request.device);
  if (request.mac) text += fmt::format(" with MAC address {}", request.mac->dashed());
  if (request.port) text += fmt::format(" on port {}", *request.port);
  if (!request.vswitch.empty()) {
    text += fmt::format(" {} vswitch {}", request.port ? "of" : "on", quoted(request.vswitch));
  }
  if (request.endpoint) text += fmt::format(" connected to {}", endpoint(*request.endpoint));
  return text;
}

/// Everything that the request gives is so.
bool matches(const Vnic& vnic, const VnicRequest& request) {
  return (request.adaptor.empty() || request.adaptor == vnic.adaptor) &&
         (!request.bus || *request.bus == vnic.bus) &&
         (!request.device || *request.device == vnic.device) &&
         (!request.mac || *request.mac == vnic.mac) &&
         (request.vswitch.empty() || request.vswitch == vnic.vswitch) &&
         (!request.port || *request.port == vnic.port) &&
         (!request.endpoint || *request.endpoint == vnic.endpoint);
}

/// Takes the one vNIC out of the guest that the request means.
Result<Vnic> take(Guest& guest, const VnicRequest& request) {
  const auto meant = [&](const Vnic& vnic) { return matches(vnic, request); };
  const auto found = std::ranges::find_if(guest.vnics, meant);
  const auto count = std::ranges::count_if(guest.vnics, meant);
  if (count == 0) {
    return fail(ErrorCode::not_found,
                fmt::format("guest {} has no vNIC{}; 'hpvmstatus -P {}' shows its vNICs",
                            quoted(guest.name), describe(request), guest.name));
  }
  if (count > 1) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("guest {} has {} vNICs{}: say which one by bus and device; "
                            "'hpvmstatus -P {}' shows them",
                            quoted(guest.name), count, describe(request), guest.name));
  }
  Vnic vnic = std::move(*found);
  guest.vnics.erase(found);
  return vnic;
}

Status remove_vnic(Guest& guest, const VnicRequest& request) {
  if ((!request.bus || !request.device) && !request.mac && request.vswitch.empty()) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("say which vNIC of guest {} is meant: by bus and device, by its MAC "
                            "address, or by its vswitch and port",
                            quoted(guest.name)));
  }
  if (auto vnic = take(guest, request); !vnic) return tl::unexpected(vnic.error());
  return {};
}

/// Takes the vNIC that is to change out of the guest and completes the request with what stays. The
/// port stays on its vswitch only, where its number means something, and the endpoint with its
/// adaptor.
Status inherit(Guest& guest, VnicRequest& request) {
  if (!request.bus || !request.device) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("say which vNIC of guest {} is to change: by bus and device; "
                            "'hpvmstatus -P {}' shows them",
                            quoted(guest.name), guest.name));
  }
  VnicRequest position_only;
  position_only.bus = request.bus;
  position_only.device = request.device;
  auto vnic = take(guest, position_only);
  if (!vnic) return tl::unexpected(vnic.error());
  if (request.adaptor.empty()) request.adaptor = vnic->adaptor;
  if (!request.endpoint && request.adaptor == vnic->adaptor) request.endpoint = vnic->endpoint;
  if (!request.mac) request.mac = vnic->mac;
  if (request.vswitch.empty()) request.vswitch = vnic->vswitch;
  if (!request.port && request.vswitch == vnic->vswitch) request.port = vnic->port;
  return {};
}

/// Judges two vNICs of one guest.
Status check_siblings(const Guest& guest, const Vnic& one, const Vnic& other) {
  if (same_position(one, other)) {
    return fail(ErrorCode::already_exists,
                fmt::format("guest {} can have only one vNIC at {}; give another bus and device, "
                            "or leave them out to have them chosen",
                            quoted(guest.name), position(one)));
  }
  if (same_place(one, other)) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("guest {} cannot reserve {} twice ({} and {}); give another port, or "
                            "leave it out to have one chosen",
                            quoted(guest.name), place(one), position(one), position(other)));
  }
  return {};
}

Status check_mac_unique(const Guest& owner, const Vnic& one, const Vnic& other) {
  if (one.mac != other.mac) return {};
  return fail(ErrorCode::already_exists,
              fmt::format("MAC address {} belongs to the vNIC of guest {} at {} already; give "
                          "another, or leave it out to have one chosen",
                          one.mac.dashed(), quoted(owner.name), position(other)));
}

Status check_shared_port(const Guest& guest, const Vnic& vnic, const Guest& sharer,
                         const Vnic& other) {
  if (!same_place(vnic, other)) return {};
  if (vnic.adaptor != other.adaptor) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("{} is reserved by guest {} with adaptor {}, so guest {} cannot have "
                            "adaptor {} there; give another port, or change guest {} first",
                            place(vnic), quoted(sharer.name), quoted(other.adaptor),
                            quoted(guest.name), quoted(vnic.adaptor), quoted(sharer.name)));
  }
  if (vnic.endpoint == other.endpoint) return {};
  return fail(
      ErrorCode::failed_precondition,
      fmt::format("{} is reserved by guest {} and connects to {}, so that of guest {} cannot "
                  "connect to {}; give another port, or take guest {} off this one first",
                  place(vnic), quoted(sharer.name), endpoint(other.endpoint), quoted(guest.name),
                  endpoint(vnic.endpoint), quoted(sharer.name)));
}

/// Judges the outcome: how the guest's vNICs go together with each other and with other guests'.
Status check_outcome(const Model& model, const Guest& guest) {
  for (auto vnic = guest.vnics.begin(); vnic != guest.vnics.end(); ++vnic) {
    for (auto sibling = guest.vnics.begin(); sibling != vnic; ++sibling) {
      if (auto status = check_siblings(guest, *sibling, *vnic); !status) return status;
      if (auto status = check_mac_unique(guest, *vnic, *sibling); !status) return status;
    }
    for (const auto& [name, sharer] : model.guests) {
      if (name == guest.name) continue;
      for (const Vnic& other : sharer.vnics) {
        if (auto status = check_mac_unique(sharer, *vnic, other); !status) return status;
        if (auto status = check_shared_port(guest, *vnic, sharer, other); !status) return status;
      }
    }
  }
  return {};
}

}  // namespace

Status change_vnics(const Model& model, Guest& guest, const GuestChange& change,
                    const EditContext& context) {
  std::vector<VnicRequest> requests = change.modify;
  requests.insert(requests.end(), change.add.begin(), change.add.end());
  for (const VnicRequest& request : requests) {
    if (auto status = check_values(model, request, context); !status) return status;
  }
  for (const VnicRequest& request : change.remove) {
    if (auto status = remove_vnic(guest, request); !status) return status;
  }
  for (std::size_t index = 0; index < change.modify.size(); ++index) {
    if (auto status = inherit(guest, requests[index]); !status) return status;
  }
  for (const VnicRequest& request : requests) {
    if (auto status = check_complete(request); !status) return status;
  }
  const VnicChooser chooser(model, guest, requests, context.random);
  for (VnicRequest& request : requests) {
    if (auto status = chooser.complete(request); !status) return status;
  }
  for (VnicRequest& request : requests) {
    guest.vnics.push_back({std::move(request.adaptor), *request.bus, *request.device, *request.mac,
                           std::move(request.vswitch), static_cast<PortNumber>(*request.port),
                           std::move(request.endpoint).value_or("")});
  }
  std::ranges::stable_sort(guest.vnics, {},
                           [](const Vnic& v) { return std::pair(v.bus, v.device); });
  return check_outcome(model, guest);
}

}  // namespace hpvmnet
