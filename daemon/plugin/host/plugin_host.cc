#include "plugin/host/plugin_host.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "plugin/host/guarded.h"
#include "plugin/host/module.h"
#include "plugin/host/trust.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

// What one plugin provides.
struct Provision {
  std::vector<std::unique_ptr<Adaptor>> adaptors;
  std::vector<std::unique_ptr<FilterFactory>> filters;
};

class Collector : public PluginRegistry {
 public:
  explicit Collector(Provision& to) : to_(to) {}
  void add(std::unique_ptr<Adaptor> adaptor) override {
    if (adaptor) to_.adaptors.push_back(std::move(adaptor));
  }
  void add(std::unique_ptr<FilterFactory> filter) override {
    if (filter) to_.filters.push_back(std::move(filter));
  }

 private:
  Provision& to_;
};

template <class Kind>
Kind* find_named(const std::vector<std::unique_ptr<Kind>>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, [](const auto& each) { return each->name(); });
  return found == all.end() ? nullptr : found->get();
}

template <class Kind>
std::vector<std::string> names_of(const std::vector<std::unique_ptr<Kind>>& all) {
  std::vector<std::string> names;
  for (const auto& each : all) names.emplace_back(each->name());
  return names;
}

// Names become parts of settings and of command lines.
bool is_name(std::string_view name) {
  constexpr std::size_t kLongest = 32;
  return !name.empty() && name.size() <= kLongest && name.front() != '-' && name != "none" &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

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

// What it provides ends before the module that holds the code.
struct PluginHost::Plugin {
  Module module;
  Provision provided;
};

PluginHost::PluginHost(Log& log) : log_(log) {}

PluginHost::~PluginHost() {
  while (!plugins_.empty()) plugins_.pop_back();
}

Status PluginHost::load(const fs::path& directory) {
  const auto modules = modules_in(directory);
  if (!modules) return tl::unexpected(modules.error());
  for (const fs::path& module : *modules) {
    PluginStatus status;
    status.file = module.native();
    if (const Status loaded = load_module(module, status); !loaded) {
      status.refusal = loaded.error().text;
      status.adaptors.clear();
      status.filters.clear();
      log_.error("plugin {} is left out: {}", status.file, status.refusal);
    }
    statuses_.push_back(std::move(status));
  }
  if (plugins_.empty()) log_.warning("no plugin in {}: no port can be opened", directory.native());
  return {};
}

// Says in `status` what has been found out by the time.
Status PluginHost::load_module(const fs::path& path, PluginStatus& status) {
  if (Status trusted = check_trust(path); !trusted) return trusted;
  auto module = Module::open(path);
  if (!module) return tl::unexpected(module.error());
  status.api_version = module->api_version();
  if (Status checked = module->check(); !checked) return checked;
  auto plugin = std::make_unique<Plugin>(Plugin{*std::move(module), {}});
  const PluginDescription& description = plugin->module.description();
  status.name = description.name;
  status.version = description.version;
  Status provided = guarded("provide", [&] {
    Collector collector(plugin->provided);
    description.provide(collector);
    status.adaptors = names_of(plugin->provided.adaptors);
    status.filters = names_of(plugin->provided.filters);
  });
  if (!provided) return provided;
  if (Status names = check_names(status); !names) return names;
  log_.info("plugin {} {} from {}", status.name, status.version, status.file);
  plugins_.push_back(std::move(plugin));
  return {};
}

Status PluginHost::check_names(const PluginStatus& plugin) const {
  const auto taken = [&](std::string_view kind, std::string_view name, const PluginStatus& by) {
    return fail(ErrorCode::already_exists,
                fmt::format("the name of its {} \"{}\" is taken by {}", kind, name, by.file));
  };
  const auto check = [&](std::string_view kind,
                         std::vector<std::string> PluginStatus::*names) -> Status {
    std::set<std::string_view> own;
    for (const std::string& name : plugin.*names) {
      if (!is_name(name)) {
        return fail(ErrorCode::invalid_argument,
                    fmt::format("\"{}\" cannot be the name of its {}: a name has 1 to 32 "
                                "lower-case letters, digits, '-' or '_', and is not \"none\"",
                                name, kind));
      }
      for (const PluginStatus& other : statuses_) {
        const bool loaded = other.refusal.empty();
        if (loaded && std::ranges::count(other.*names, name) > 0) return taken(kind, name, other);
      }
      if (!own.insert(name).second) return taken(kind, name, plugin);
    }
    return {};
  };
  for (const PluginStatus& other : statuses_) {
    if (other.refusal.empty() && other.name == plugin.name) {
      return taken("plugin", plugin.name, other);
    }
  }
  return check("adaptor", &PluginStatus::adaptors).and_then([&] {
    return check("filter", &PluginStatus::filters);
  });
}

Adaptor* PluginHost::find(std::string_view name) const {
  for (const auto& plugin : plugins_) {
    if (Adaptor* found = find_named(plugin->provided.adaptors, name)) return found;
  }
  return nullptr;
}

FilterFactory* PluginHost::find_filter(std::string_view name) const {
  for (const auto& plugin : plugins_) {
    if (FilterFactory* found = find_named(plugin->provided.filters, name)) return found;
  }
  return nullptr;
}

std::vector<Adaptor*> PluginHost::adaptors() const {
  std::vector<Adaptor*> all;
  for (const auto& plugin : plugins_) {
    for (const auto& adaptor : plugin->provided.adaptors) all.push_back(adaptor.get());
  }
  return all;
}

}  // namespace hpvmnet
