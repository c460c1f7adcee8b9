#pragma once

#include "plugin/adaptor.h"

namespace hpvmnet::uplink {

/// Ports to the network outside, by an interface of the host.
class UplinkAdaptor final : public Adaptor {
 public:
  UplinkAdaptor();
  std::string_view name() const override { return "uplink"; }
  bool for_guests() const override { return false; }
  Status check(const PortSpec& spec) const override;
  Status check_system(const PortSpec& spec) const override;
  Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host) override;
  std::vector<std::string> qemu_arguments(const AttachmentSpec& /*vnic*/) const override {
    return {};
  }
  bool needs_shared_memory() const override { return false; }
};

}  // namespace hpvmnet::uplink
