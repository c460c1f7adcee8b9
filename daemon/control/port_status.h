#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "control/model.h"
#include "control/reservations.h"
#include "control/status.h"
#include "control/switchboard.h"

namespace hpvmnet {

/// The attached guest of a port: the one that reserves it, or of several the one whose frames come
/// in. Empty: none, or not yet known.
std::string active_guest(const Switchboard& board, const LivePort& port,
                         const Reservation& reservation);

using FindAdaptor = std::function<Adaptor*(std::string_view name)>;

/// What can be observed of a port. `reservation`: an empty one where nobody reserves it.
PortStatus status_of_port(const Switchboard& board, const FindAdaptor& find_adaptor,
                          const Vswitch& vswitch, PortNumber number,
                          const Reservation& reservation);

/// What passes the open ports of the vswitches with these names, or of all where there are none.
std::vector<VswitchTraffic> traffic_of(const Switchboard& board, const Model& model,
                                       const std::vector<std::string>& vswitches,
                                       const Reservations& reservations);

std::vector<WorkerStatus> workers_of(const Switchboard& board);

}  // namespace hpvmnet
