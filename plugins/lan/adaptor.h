#pragma once

#include "plugin/adaptor.h"

namespace hpvmnet::lan {

/// Ports for emulated vNICs: the hypervisor emulates a real network card and hands its frames over
/// a socket. A port with an endpoint connects to the socket of that path; others listen.
class LanAdaptor final : public Adaptor {
 public:
  std::string_view name() const override { return "lan"; }
  Status check(const PortSpec& spec) const override;
  Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host) override;
  std::vector<std::string> qemu_arguments(const AttachmentSpec& vnic) const override;
  LibvirtDevice libvirt_device(const AttachmentSpec& vnic) const override;
  bool needs_shared_memory() const override { return false; }
};

}  // namespace hpvmnet::lan
