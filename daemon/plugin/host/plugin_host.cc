#include "plugin/host/plugin_host.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "plugin/host/module.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

class Collector : public PluginRegistry {
 public:
  explicit Collector(std::vector<std::unique_ptr<Adaptor>>& to) : to_(to) {}
  void add(std::unique_ptr<Adaptor> adaptor) override {
    if (adaptor) to_.push_back(std::move(adaptor));
  }

 private:
  std::vector<std::unique_ptr<Adaptor>>& to_;
};

Result<std::vector<fs::path>> modules_in(const fs::path& directory) {
  std::vector<fs::path> modules;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".so") modules.push_back(at->path());
  }
  if (error) {
    return system_failure(
        fmt::format("cannot read plugin directory {} (--plugin-dir names another)",
                    directory.native()),
        error.value());
  }
  std::ranges::sort(modules);
  return modules;
}

}  // namespace

// Its adaptors end before the module that holds their code.
struct PluginHost::Plugin {
  fs::path path;
  Module module;
  std::vector<std::unique_ptr<Adaptor>> adaptors;

  Adaptor* adaptor(std::string_view name) const {
    const auto found =
        std::ranges::find(adaptors, name, [](const auto& each) { return each->name(); });
    return found == adaptors.end() ? nullptr : found->get();
  }
};

PluginHost::PluginHost(Log& log) : log_(log) {}

PluginHost::~PluginHost() {
  while (!plugins_.empty()) plugins_.pop_back();
}

Status PluginHost::load(const fs::path& directory) {
  const auto modules = modules_in(directory);
  if (!modules) return tl::unexpected(modules.error());
  for (const fs::path& module : *modules) {
    if (const Status loaded = load_module(module); !loaded) {
      log_.error("{}", loaded.error().text);
    }
  }
  if (plugins_.empty()) log_.warning("no plugin in {}: no port can be opened", directory.native());
  return {};
}

Status PluginHost::load_module(const fs::path& path) {
  auto module = Module::open(path);
  if (!module) return tl::unexpected(module.error());
  auto plugin = std::make_unique<Plugin>(Plugin{path, *std::move(module), {}});
  const PluginDescription& description = plugin->module.description();
  Collector collector(plugin->adaptors);
  description.provide(collector);
  if (const Status names = check_names(*plugin); !names) return names;
  log_.info("plugin {} {} from {}", description.name, description.version, path.native());
  plugins_.push_back(std::move(plugin));
  return {};
}

Status PluginHost::check_names(const Plugin& plugin) const {
  const auto taken = [&](std::string_view kind, std::string_view name, const Plugin& by) {
    return fail(ErrorCode::already_exists,
                fmt::format("plugin {} is left out: the name of its {} \"{}\" is taken by {}",
                            plugin.path.native(), kind, name, by.path.native()));
  };
  const std::string_view plugin_name = plugin.module.description().name;
  for (const auto& other : plugins_) {
    if (other->module.description().name == plugin_name) {
      return taken("plugin", plugin_name, *other);
    }
  }
  std::set<std::string_view> own;
  for (const auto& adaptor : plugin.adaptors) {
    const std::string_view name = adaptor->name();
    if (const Plugin* other = provider_of(name)) return taken("adaptor", name, *other);
    if (!own.insert(name).second) return taken("adaptor", name, plugin);
  }
  return {};
}

const PluginHost::Plugin* PluginHost::provider_of(std::string_view name) const {
  const auto found = std::ranges::find_if(
      plugins_, [&](const auto& plugin) { return plugin->adaptor(name) != nullptr; });
  return found == plugins_.end() ? nullptr : found->get();
}

Adaptor* PluginHost::find(std::string_view name) const {
  const Plugin* plugin = provider_of(name);
  return plugin == nullptr ? nullptr : plugin->adaptor(name);
}

std::vector<Adaptor*> PluginHost::adaptors() const {
  std::vector<Adaptor*> all;
  for (const auto& plugin : plugins_) {
    for (const auto& adaptor : plugin->adaptors) all.push_back(adaptor.get());
  }
  return all;
}

}  // namespace hpvmnet
