#include "plugin/plugin.h"

#include "tap/adaptor.h"

namespace {

constexpr hpvmnet::PluginDescription kDescription{
    .api_version = hpvmnet::kPluginApiVersion,
    .name = "tap",
    .version = HPVMNET_VERSION,
    .provide = [](hpvmnet::PluginRegistry& registry) {
      registry.add(std::make_unique<hpvmnet::tap::TapAdaptor>());
    }};

}  // namespace

const hpvmnet::PluginDescription* hpvmnet_plugin() { return &kDescription; }
