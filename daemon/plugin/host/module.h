#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "base/result.h"
#include "plugin/plugin.h"

namespace hpvmnet {

/// A loaded shared module that has been found to be a plugin for this daemon. Unloaded at the end
/// of the object: nothing that came from the module may live longer.
class Module {
 public:
  /// Of a file that is refused, no more has run than its static initialisers and, if it has one,
  /// its entry point.
  static Result<Module> open(const std::filesystem::path& path);

  const PluginDescription& description() const { return *description_; }

 private:
  struct Unload {
    void operator()(void* handle) const;
  };
  using Handle = std::unique_ptr<void, Unload>;

  Module(Handle handle, const PluginDescription* description)
      : handle_(std::move(handle)), description_(description) {}

  Handle handle_;
  const PluginDescription* description_;
};

}  // namespace hpvmnet
