#include "plugin/plugin.h"

#include <memory>

#include "avio_lan/adaptor.h"

const hpvmnet::PluginDescription* hpvmnet_plugin() {
  static constexpr hpvmnet::PluginDescription kDescription{
      .api_version = hpvmnet::kPluginApiVersion,
      .name = "avio_lan",
      .version = HPVMNET_VERSION,
      .provide =
          [](hpvmnet::PluginRegistry& registry) {
            registry.add(std::make_unique<hpvmnet::avio_lan::AvioAdaptor>());
          },
  };
  return &kDescription;
}
