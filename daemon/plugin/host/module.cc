#include "plugin/host/module.h"

#include <string>
#include <string_view>

#include <dlfcn.h>
#include <fmt/format.h>

#include "plugin/host/elf_file.h"
#include "plugin/host/guarded.h"

namespace hpvmnet {
namespace {

constexpr const char* kEntryPoint = "hpvmnet_plugin";

tl::unexpected<Error> refuse(std::string why) {
  return fail(ErrorCode::failed_precondition, std::move(why));
}

std::string last_error() {
  const char* error = ::dlerror();
  return error == nullptr ? "unknown error" : error;
}

bool is_text(const char* text) { return text != nullptr && *text != '\0'; }

}  // namespace

void Module::Unload::operator()(void* handle) const { ::dlclose(handle); }

Result<Module> Module::open(const std::filesystem::path& path) {
  if (Status whole = check_not_cut_off(path); !whole) return tl::unexpected(whole.error());
  Handle handle(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (!handle) return refuse(last_error());
  const auto entry_point =
      reinterpret_cast<decltype(&hpvmnet_plugin)>(::dlsym(handle.get(), kEntryPoint));
  if (entry_point == nullptr) {
    return refuse(fmt::format("it is no plugin, for it exports no {}()", kEntryPoint));
  }
  const PluginDescription* description = nullptr;
  if (Status called = guarded(kEntryPoint, [&] { description = entry_point(); }); !called) {
    return tl::unexpected(called.error());
  }
  if (description == nullptr) return refuse("it does not describe itself");
  return Module(std::move(handle), description);
}

Status Module::check() const {
  // Everything behind the version may look different in another one.
  if (api_version() != kPluginApiVersion) {
    return refuse(
        fmt::format("it was built for version {} of the plugin interface, and this "
                    "hpvmnetd has version {}; install the build that belongs to "
                    "hpvmnetd " HPVMNET_VERSION,
                    api_version(), kPluginApiVersion));
  }
  if (description_->layout != PluginLayout{}) {
    return refuse(
        fmt::format("it was built for version {} of the plugin interface with other "
                    "headers or another C++ library than this hpvmnetd; build it anew "
                    "with what belongs to hpvmnetd " HPVMNET_VERSION,
                    api_version()));
  }
  if (!is_text(description_->name) || !is_text(description_->version) ||
      description_->provide == nullptr) {
    return refuse("its description lacks a name, a version or a function that provides");
  }
  return {};
}

}  // namespace hpvmnet
