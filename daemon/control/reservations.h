#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mac_address.h"
#include "control/model.h"

namespace hpvmnet {

/// The guests that name a port, in the order of names, with the adaptor and the endpoint that they
/// agree on.
struct Reservation {
  std::string adaptor;
  std::string endpoint;  ///< as the vNICs say
  std::vector<std::pair<std::string, MacAddress>> guests;
};

/// The reservations of a desired state by port, found once for all of it. Pure.
class Reservations {
 public:
  using OfVswitch = std::map<PortNumber, Reservation>;

  explicit Reservations(const Model& model);

  const OfVswitch& of(const std::string& vswitch) const;
  /// Null where nobody reserves the port.
  const Reservation* find(const std::string& vswitch, PortNumber port) const;

 private:
  std::unordered_map<std::string, OfVswitch> by_vswitch_;
};

}  // namespace hpvmnet
