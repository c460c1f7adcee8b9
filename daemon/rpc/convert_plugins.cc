#include <utility>

#include "rpc/convert.h"

namespace hpvmnet {

FilterSettings from_proto(const v1::Filter& filter) { return {filter.name(), filter.arguments()}; }

Result<FiltersArguments> from_proto(const v1::SetVswitchFiltersRequest& request) {
  return from_proto(request.vswitch()).map([&](VswitchName vswitch) {
    FiltersArguments arguments{std::move(vswitch), {}};
    for (const v1::Filter& filter : request.filters()) {
      arguments.filters.push_back(from_proto(filter));
    }
    return arguments;
  });
}

void to_proto(const std::vector<PluginStatus>& from, v1::ListPluginsResponse& to) {
  for (const PluginStatus& plugin : from) {
    v1::Plugin& added = *to.add_plugins();
    added.set_file(plugin.file);
    added.set_state(plugin.refusal.empty() ? v1::Plugin::STATE_LOADED : v1::Plugin::STATE_REFUSED);
    added.set_refusal(plugin.refusal);
    added.set_name(plugin.name);
    added.set_version(plugin.version);
    added.set_api_version(plugin.api_version);
    for (const std::string& adaptor : plugin.adaptors) added.add_adaptors(adaptor);
    for (const std::string& filter : plugin.filters) added.add_filters(filter);
  }
}

}  // namespace hpvmnet
