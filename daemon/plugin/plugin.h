#pragma once

#include <cstdint>
#include <memory>

#include "plugin/adaptor.h"

namespace hpvmnet {

/// Version of everything that a plugin shares with the daemon: the headers of base/, frame/ and
/// plugin/. A module built for another version is refused.
inline constexpr std::uint32_t kPluginApiVersion = 2;

/// Where a plugin announces what it provides.
class PluginRegistry {
 public:
  virtual ~PluginRegistry() = default;
  virtual void add(std::unique_ptr<Adaptor> adaptor) = 0;
};

/// What a module says of itself before any of its other code runs.
struct PluginDescription {
  std::uint32_t api_version;
  const char* name;     ///< as `hpvmnet plugin list` shows it; lives as long as the module
  const char* version;  ///< of the plugin
  void (*provide)(PluginRegistry& registry);
};

}  // namespace hpvmnet

/// The one symbol that a module exports.
extern "C" __attribute__((visibility("default"))) const hpvmnet::PluginDescription*
hpvmnet_plugin();
