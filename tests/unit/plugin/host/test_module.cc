// A plugin for the tests of the host. What it says of itself comes from the build: NAME, ADAPTORS,
// API_VERSION, ENTRY_POINT. It ends the process when it is asked to provide "abort".

#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "plugin/plugin.h"

#ifndef API_VERSION
#define API_VERSION kPluginApiVersion
#endif
#ifndef ENTRY_POINT
#define ENTRY_POINT hpvmnet_plugin
#endif
#ifdef NEEDS_MISSING_SYMBOL
void this_function_is_nowhere();
#endif

namespace hpvmnet {
namespace {

class NamedAdaptor : public Adaptor {
 public:
  explicit NamedAdaptor(const char* name) : name_(name) {}
  std::string_view name() const override { return name_; }
  Status check(const PortSpec&) const override { return {}; }
  Result<std::unique_ptr<Port>> open(const PortSpec&, PortHost&) override {
    return fail(ErrorCode::internal, "opens nothing");
  }
  std::vector<std::string> qemu_arguments(const AttachmentSpec&) const override { return {}; }
  bool needs_shared_memory() const override { return false; }

 private:
  std::string name_;
};

void provide(PluginRegistry& registry) {
#ifdef NEEDS_MISSING_SYMBOL
  this_function_is_nowhere();
#endif
  for (const char* name : {ADAPTORS}) {
    if (std::string(name) == "abort") std::abort();
    registry.add(std::make_unique<NamedAdaptor>(name));
  }
}

}  // namespace
}  // namespace hpvmnet

extern "C" __attribute__((visibility("default"))) const hpvmnet::PluginDescription* ENTRY_POINT() {
  using namespace hpvmnet;
  static constexpr PluginDescription kDescription{API_VERSION, NAME, "1.0", provide};
  return &kDescription;
}
