#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hpvmnet {

/// What has become of a file in the plugin directory, for users to see. A plain value.
struct PluginStatus {
  std::string file;               ///< its path
  std::string name;               ///< of the plugin; empty where it could not say
  std::string version;            ///< of the plugin; likewise
  std::uint32_t api_version = 0;  ///< of the interface it was built for; 0: it could not say
  std::vector<std::string> adaptors;
  std::vector<std::string> filters;
  std::string refusal;  ///< why it is left out; empty: it is loaded
};

}  // namespace hpvmnet
