#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/result.h"
#include "plugin/plugin.h"

namespace hpvmnet {

/// A shared module that describes itself as a plugin. Unloaded at the end of the object: nothing
/// that came from the module may live longer. Errors say what is wrong with the file, not its name.
class Module {
 public:
  /// Of a file that is refused, no more has run than its static initialisers and, if it has one,
  /// its entry point.
  static Result<Module> open(const std::filesystem::path& path);

  /// Whether it was built for this daemon. Until then nothing but its version may be looked at.
  Status check() const;

  std::uint32_t api_version() const { return description_->api_version; }
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
