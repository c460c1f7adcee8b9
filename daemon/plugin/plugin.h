#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "plugin/adaptor.h"
#include "plugin/filter_factory.h"

namespace hpvmnet {

/// Version of everything that a plugin shares with the daemon: the headers of base/, frame/ and
/// plugin/ that it may include. A module built for another version is refused.
inline constexpr std::uint32_t kPluginApiVersion = 4;

/// What must be the same on both sides besides the version: a module built with another standard
/// library, or with headers that were changed, is refused. Modules fill it in by being compiled.
struct PluginLayout {
  std::uint32_t frame = sizeof(Frame);
  std::uint32_t burst = sizeof(Burst);
  std::uint32_t drop_reasons = kDropReasonCount;
  std::uint32_t port_spec = sizeof(PortSpec);
  std::uint32_t result = sizeof(Result<std::string>);
  bool operator==(const PluginLayout&) const = default;
};

/// Where a plugin announces what it provides.
class PluginRegistry {
 public:
  virtual ~PluginRegistry() = default;
  virtual void add(std::unique_ptr<Adaptor> adaptor) = 0;
  virtual void add(std::unique_ptr<FilterFactory> filter) = 0;
};

/// What a module says of itself before any of its other code runs. Whatever the version, it begins
/// with that.
struct PluginDescription {
  std::uint32_t api_version = kPluginApiVersion;
  PluginLayout layout = {};
  const char* name = nullptr;  ///< as `hpvmnet plugin list` shows it; lives as long as the module
  const char* version = nullptr;  ///< of the plugin
  void (*provide)(PluginRegistry& registry) = nullptr;
};

}  // namespace hpvmnet

/// The one symbol that a module exports.
extern "C" __attribute__((visibility("default"))) const hpvmnet::PluginDescription*
hpvmnet_plugin();
