#include "plugin/plugin.h"

#include "lan/adaptor.h"

namespace {

constexpr hpvmnet::PluginDescription kDescription{
    .api_version = hpvmnet::kPluginApiVersion,
    .name = "lan",
    .version = HPVMNET_VERSION,
    .provide = [](hpvmnet::PluginRegistry& registry) {
      registry.add(std::make_unique<hpvmnet::lan::LanAdaptor>());
    }};

}  // namespace

const hpvmnet::PluginDescription* hpvmnet_plugin() { return &kDescription; }
