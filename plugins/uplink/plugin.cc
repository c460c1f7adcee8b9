#include "plugin/plugin.h"

#include "uplink/adaptor.h"

namespace {

constexpr hpvmnet::PluginDescription kDescription{
    .api_version = hpvmnet::kPluginApiVersion,
    .name = "uplink",
    .version = HPVMNET_VERSION,
    .provide = [](hpvmnet::PluginRegistry& registry) {
      registry.add(std::make_unique<hpvmnet::uplink::UplinkAdaptor>());
    }};

}  // namespace

const hpvmnet::PluginDescription* hpvmnet_plugin() { return &kDescription; }
