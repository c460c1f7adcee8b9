#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "control/edit.h"
#include "control/model.h"

namespace hpvmnet {

/// Chooses what requests for vNICs leave out: positions, ports and addresses. What one request
/// gives is never chosen for another. Lives no longer than the objects it is made of.
class VnicChooser {
 public:
  /// `guest` is an element of `model`; `requests` are all that are made of it together, each with a
  /// vswitch of the model.
  VnicChooser(const Model& model, const Guest& guest, const std::vector<VnicRequest>& requests,
              const std::function<std::uint64_t()>& random)
      : model_(model), guest_(guest), requests_(requests), random_(random) {}

  /// Completes one of the requests.
  Status complete(VnicRequest& request) const;

 private:
  /// The smallest free bus and device.
  Status choose_position(VnicRequest& request) const;
  /// The smallest port from 1 that nobody reserves and that has no settings, then port 0.
  Status choose_port(VnicRequest& request) const;
  MacAddress free_mac() const;

  bool position_taken(std::uint32_t bus, std::uint32_t device) const;
  bool mac_taken(const MacAddress& mac) const;

  const Model& model_;
  const Guest& guest_;
  const std::vector<VnicRequest>& requests_;
  const std::function<std::uint64_t()>& random_;
};

}  // namespace hpvmnet
