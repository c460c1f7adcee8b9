#include "plugin/host/module.h"

#include <string>
#include <string_view>

#include <dlfcn.h>
#include <fmt/format.h>

namespace hpvmnet {
namespace {

constexpr const char* kEntryPoint = "hpvmnet_plugin";

tl::unexpected<Error> refuse(const std::filesystem::path& path, std::string_view why) {
  return fail(ErrorCode::failed_precondition,
              fmt::format("plugin {} is left out: {}", path.native(), why));
}

std::string last_error() {
  const char* error = ::dlerror();
  return error == nullptr ? "unknown error" : error;
}

bool is_text(const char* text) { return text != nullptr && *text != '\0'; }

}  // namespace

void Module::Unload::operator()(void* handle) const { ::dlclose(handle); }

Result<Module> Module::open(const std::filesystem::path& path) {
  Handle handle(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (!handle) return refuse(path, last_error());
  const auto entry_point =
      reinterpret_cast<decltype(&hpvmnet_plugin)>(::dlsym(handle.get(), kEntryPoint));
  if (entry_point == nullptr) {
    return refuse(path, fmt::format("it is no plugin, for it exports no {}()", kEntryPoint));
  }
  const PluginDescription* description = entry_point();
  if (description == nullptr) return refuse(path, "it does not describe itself");
  // Everything behind the version may look different in another one.
  if (description->api_version != kPluginApiVersion) {
    return refuse(path, fmt::format("it was built for version {} of the plugin interface, and this "
                                    "hpvmnetd has version {}; install the build that belongs to "
                                    "hpvmnetd " HPVMNET_VERSION,
                                    description->api_version, kPluginApiVersion));
  }
  if (!is_text(description->name) || !is_text(description->version) ||
      description->provide == nullptr) {
    return refuse(path, "its description lacks a name, a version or a function that provides");
  }
  return Module(std::move(handle), description);
}

}  // namespace hpvmnet
