// A plugin for the tests of the host. What it says of itself comes from the build: NAME, ADAPTORS,
// FILTERS, API_VERSION, LAYOUT, PROVIDE, DESCRIPTION, ENTRY_POINT. It ends the process when it is
// asked to provide the adaptor "abort", and throws for others.

#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugin/plugin.h"

#ifndef API_VERSION
#define API_VERSION kPluginApiVersion
#endif
#ifndef ENTRY_POINT
#define ENTRY_POINT hpvmnet_plugin
#endif
#ifndef FILTERS
#define FILTERS
#endif
#ifndef LAYOUT
#define LAYOUT \
  {}
#endif
#ifndef PROVIDE
#define PROVIDE provide
#endif
#ifndef DESCRIPTION
#define DESCRIPTION &kDescription
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

class NamedFilter : public FilterFactory {
 public:
  explicit NamedFilter(const char* name) : name_(name) {}
  std::string_view name() const override { return name_; }
  Result<std::unique_ptr<Filter>> make(const FilterSpec&, Log&) override {
    return fail(ErrorCode::internal, "makes nothing");
  }

 private:
  std::string name_;
};

[[maybe_unused]] void provide(PluginRegistry& registry) {
#ifdef NEEDS_MISSING_SYMBOL
  this_function_is_nowhere();
#endif
  for (const char* name : {ADAPTORS}) {
    if (std::string(name) == "abort") std::abort();
    if (std::string(name) == "throw") throw std::runtime_error("not today");
    if (std::string(name) == "throw 7") throw 7;
    registry.add(std::make_unique<NamedAdaptor>(name));
  }
  for (const char* name : std::initializer_list<const char*>{FILTERS}) {
    registry.add(std::make_unique<NamedFilter>(name));
  }
}

}  // namespace
}  // namespace hpvmnet

extern "C" __attribute__((visibility("default"))) const hpvmnet::PluginDescription* ENTRY_POINT() {
  using namespace hpvmnet;
  [[maybe_unused]] static constexpr PluginDescription kDescription{.api_version = API_VERSION,
                                                                   .layout = LAYOUT,
                                                                   .name = NAME,
                                                                   .version = "1.0",
                                                                   .provide = PROVIDE};
  return DESCRIPTION;
}
