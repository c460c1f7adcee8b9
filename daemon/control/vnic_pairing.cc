#include "control/vnic_pairing.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>

namespace hpvmnet {
namespace {

bool same_position(const Vnic& vnic, const VnicRequest& request) {
  return request.bus == vnic.bus && request.device == vnic.device;
}

bool same_place(const Vnic& vnic, const VnicRequest& request) {
  return request.vswitch == vnic.vswitch && request.port == vnic.port;
}

/// Nothing that the request gives is otherwise. An endpoint left out is the default.
bool describes(const VnicRequest& request, const Vnic& vnic) {
  return request.adaptor == vnic.adaptor && request.vswitch == vnic.vswitch &&
         request.endpoint.value_or("") == vnic.endpoint &&
         request.bus.value_or(vnic.bus) == vnic.bus &&
         request.device.value_or(vnic.device) == vnic.device &&
         request.mac.value_or(vnic.mac) == vnic.mac &&
         request.port.value_or(vnic.port) == vnic.port;
}

/// They cannot be two different vNICs of one guest.
bool share_a_key(const VnicRequest& request, const Vnic& vnic) {
  return same_position(vnic, request) || request.mac == vnic.mac || same_place(vnic, request);
}

bool has_key(const VnicRequest& request) {
  return (request.bus && request.device) || request.mac || request.port;
}

class Pairing {
 public:
  Pairing(const std::vector<Vnic>& vnics, const std::vector<VnicRequest>& requests)
      : vnics_(vnics), requests_(requests), by_vnic_(vnics.size()), by_request_(requests.size()) {}

  /// The vNIC of each request, by index.
  std::vector<std::optional<std::size_t>> run() {
    std::vector<std::size_t> order(requests_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_partition(order.begin(), order.end(),
                          [&](std::size_t request) { return has_key(requests_[request]); });
    for (const std::size_t request : order) {
      std::vector<bool> tried(vnics_.size());
      find_described(request, tried);
    }
    pair_rest(share_a_key);
    pair_rest([](const VnicRequest&, const Vnic&) { return true; });
    return by_request_;
  }

 private:
  // Moves others to vNICs that they describe as well, where that makes room.
  bool find_described(std::size_t request, std::vector<bool>& tried) {
    for (std::size_t vnic = 0; vnic < vnics_.size(); ++vnic) {
      if (tried[vnic] || !describes(requests_[request], vnics_[vnic])) continue;
      tried[vnic] = true;
      if (by_vnic_[vnic] && !find_described(*by_vnic_[vnic], tried)) continue;
      by_vnic_[vnic] = request;
      by_request_[request] = vnic;
      return true;
    }
    return false;
  }

  template <class Fits>
  void pair_rest(Fits fits) {
    for (std::size_t request = 0; request < requests_.size(); ++request) {
      for (std::size_t vnic = 0; !by_request_[request] && vnic < vnics_.size(); ++vnic) {
        if (by_vnic_[vnic] || !fits(requests_[request], vnics_[vnic])) continue;
        by_vnic_[vnic] = request;
        by_request_[request] = vnic;
      }
    }
  }

  const std::vector<Vnic>& vnics_;
  const std::vector<VnicRequest>& requests_;
  std::vector<std::optional<std::size_t>> by_vnic_;
  std::vector<std::optional<std::size_t>> by_request_;
};

void complete(VnicRequest& request, const Vnic& from) {
  if (request.bus.value_or(from.bus) == from.bus &&
      request.device.value_or(from.device) == from.device) {
    request.bus = from.bus;
    request.device = from.device;
  }
  if (!request.mac) request.mac = from.mac;
  if (!request.port && request.vswitch == from.vswitch) request.port = from.port;
}

}  // namespace

std::vector<VnicRequest> inherit(const std::vector<Vnic>& vnics,
                                 std::vector<VnicRequest> requests) {
  const auto pairs = Pairing(vnics, requests).run();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (pairs[i]) complete(requests[i], vnics[*pairs[i]]);
  }
  return requests;
}

bool are_met(const std::vector<Vnic>& vnics, const std::vector<VnicRequest>& requests) {
  if (vnics.size() != requests.size()) return false;
  return std::ranges::all_of(requests, [&](const VnicRequest& request) {
    return request.bus && request.device && request.mac && request.port &&
           std::ranges::any_of(vnics, [&](const Vnic& vnic) { return describes(request, vnic); });
  });
}

}  // namespace hpvmnet
