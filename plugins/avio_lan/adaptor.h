#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "avio_lan/event/event_signaller.h"
#include "plugin/adaptor.h"

namespace hpvmnet::avio_lan {

/// Accelerated ports: virtio-net over vhost-user, in memory that the guest shares.
class AvioAdaptor final : public Adaptor {
 public:
  std::string_view name() const override { return "avio_lan"; }
  Status check(const PortSpec& spec) const override;
  Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host) override;

  /// For a guest whose memory is shared. The hypervisor connects to the port's socket, again and
  /// again while nobody listens.
  std::vector<std::string> qemu_arguments(const AttachmentSpec& vnic) const override;
  LibvirtDevice libvirt_device(const AttachmentSpec& vnic) const override;
  std::string cloud_hypervisor_net(const AttachmentSpec& vnic) const override;
  bool needs_shared_memory() const override { return true; }

 private:
  EventSignaller signaller_;  // of all ports: to end one for each would take seconds
};

}  // namespace hpvmnet::avio_lan
