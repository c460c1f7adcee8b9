#pragma once

#include <optional>
#include <string>

#include "cli/client.h"
#include "cli/command_line.h"
#include "cli/result.h"
#include "cli/terminal.h"

namespace hpvmnet::cli {

/// The options of hpvmstatus that tell how a hypervisor attaches a guest.
class AttachmentOptions {
 public:
  void add_to(CommandLine& line);

  bool qemu() const { return qemu_; }
  bool libvirt() const { return libvirt_; }
  bool cloud_hypervisor() const { return cloud_hypervisor_; }
  bool any() const { return qemu_ || libvirt_ || cloud_hypervisor_; }

  /// Judges the others. At most one of those is given.
  Status check() const;

  /// Shows it.
  Status show(Client& client, const std::string& guest, Terminal& terminal) const;

 private:
  v1::DescribeAttachmentRequest request_for(const std::string& guest) const;

  bool qemu_ = false;
  bool libvirt_ = false;
  bool cloud_hypervisor_ = false;
  bool emulated_ = false;
  std::optional<std::string> memory_;
};

}  // namespace hpvmnet::cli
