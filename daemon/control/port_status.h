#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "control/model.h"
#include "control/status.h"
#include "control/switchboard.h"

namespace hpvmnet {

/// The guests that name a port, with the adaptor and the endpoint that they agree on.
struct Reservation {
  std::string adaptor;
  std::string endpoint;  ///< as the vNICs say
  std::vector<std::pair<std::string, MacAddress>> guests;
};

/// The reserved ports of a vswitch.
std::map<PortNumber, Reservation> reservations_of(const Model& model, const std::string& vswitch);

/// The attached guest of a port: the one that reserves it, or of several the one whose frames come
/// in. Empty: none, or not yet known.
std::string active_guest(const Switchboard& board, const LivePort& port,
                         const Reservation& reservation);

using FindAdaptor = std::function<Adaptor*(std::string_view name)>;

/// What can be observed of a port. `reservation`: an empty one where nobody reserves it.
PortStatus status_of_port(const Switchboard& board, const FindAdaptor& find_adaptor,
                          const Vswitch& vswitch, PortNumber number,
                          const Reservation& reservation);

}  // namespace hpvmnet
