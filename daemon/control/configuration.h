#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/multicast_policy.h"
#include "base/result.h"
#include "control/edit.h"
#include "control/model.h"

namespace hpvmnet {

/// Everything that an administrator can set, as one document describes it; nothing is judged yet.
/// `source` says where a part is written: errors about it begin with that.
struct Configuration {
  struct Port {
    std::uint32_t number = 0;
    std::optional<std::uint32_t> vlan{};  ///< of frames without a tag
    std::string trunk{};                  ///< as set_port_trunk() takes it
    std::uint32_t queue_pairs = 1;
    bool packed_rings = false;
    std::string source{};
  };
  struct Vswitch {
    std::string name;
    bool up = true;
    std::optional<BackingRequest> backing{};
    MulticastPolicy multicast = MulticastPolicy::snoop;
    std::vector<FilterSettings> filters{};
    std::optional<MirrorSettings> mirror{};
    std::vector<Port> ports{};  ///< others have no settings
    std::string source{};
  };
  struct Guest {
    std::string name;
    std::vector<VnicRequest> vnics{};
    std::string source{};
  };
  std::vector<Vswitch> vswitches;
  std::vector<Guest> guests;
  bool keep_others = false;  ///< vswitches and guests that are not named here
};

/// The document that describes the model completely.
Configuration configuration_of(const Model& model);

/// An edit as those of edit.h: makes everything as the configuration says. What it leaves open
/// stays as it is where it can, and is chosen otherwise. Without an entry localnet is as at the
/// first start. Done again, it changes nothing.
Status apply_configuration(Model& model, const Configuration& wanted, const EditContext& context);

}  // namespace hpvmnet
