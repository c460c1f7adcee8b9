#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/plugin_status.h"
#include "base/result.h"
#include "plugin/adaptor.h"
#include "plugin/filter_factory.h"

namespace hpvmnet {

/// Loads plugins and keeps them, with what they provide, until its own end. Control thread only.
class PluginHost {
 public:
  /// `log` outlives it.
  explicit PluginHost(Log& log);
  ~PluginHost();
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;

  /// Loads every *.so of a directory, in the order of their names. A module that cannot be used is
  /// left out as a whole, with a line in the log that says why; an error is returned only where the
  /// directory cannot be read.
  Status load(const std::filesystem::path& directory);

  /// The adaptor of that name, or null. Lives as long as the host.
  Adaptor* find(std::string_view name) const;

  /// The filter of that name, likewise.
  FilterFactory* find_filter(std::string_view name) const;

  /// All adaptors, in the order in which they were announced.
  std::vector<Adaptor*> adaptors() const;

  /// What has become of each *.so, in the order of their names.
  const std::vector<PluginStatus>& statuses() const { return statuses_; }

 private:
  struct Plugin;

  Status load_module(const std::filesystem::path& path, PluginStatus& status);
  Status check_names(const PluginStatus& plugin) const;

  Log& log_;
  std::vector<std::unique_ptr<Plugin>> plugins_;
  std::vector<PluginStatus> statuses_;
};

}  // namespace hpvmnet
