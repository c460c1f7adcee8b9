#pragma once

#include "plugin/adaptor.h"
#include "tap/tap_port.h"

namespace hpvmnet::tap {

/// Ports for the host itself: an interface of its own on a vswitch.
class TapAdaptor final : public Adaptor {
 public:
  std::string_view name() const override { return "tap"; }
  Status check(const PortSpec& spec) const override;
  Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host) override;
  std::filesystem::path socket(const PortSpec& /*spec*/) const override { return {}; }
  std::string endpoint(const PortSpec& spec) const override { return interface_name(spec); }
  /// None: the interface is the host's.
  std::vector<std::string> qemu_arguments(const AttachmentSpec& /*vnic*/) const override {
    return {};
  }
  bool needs_shared_memory() const override { return false; }
  bool uses_mac() const override { return true; }
  bool uses_queue_pairs() const override { return true; }
};

}  // namespace hpvmnet::tap
