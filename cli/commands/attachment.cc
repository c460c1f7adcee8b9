#include "cli/commands/attachment.h"

#include <ostream>

#include <fmt/format.h>

#include "cli/report.h"
#include "cli/shell.h"
#include "cli/values.h"

namespace hpvmnet::cli {

void AttachmentOptions::add_to(CommandLine& line) {
  line.flag("--qemu", qemu_, "As arguments of QEMU, to paste into a shell");
  line.flag("--libvirt", libvirt_, "As a domain of libvirt, whose elements its own then gets");
  line.flag("--cloud-hypervisor", cloud_hypervisor_,
            "As arguments of cloud-hypervisor, to paste into a shell");
  line.flag("--tcg", emulated_,
            "With --qemu, --libvirt: the guest's processor is emulated, not KVM's");
  line.value("--memory", memory_, "MIB",
             "With these: the guest's memory, where it must be shared (default: 1024)");
}

Status AttachmentOptions::check() const {
  if (memory_ && !any()) {
    return wrong_usage(
        "--memory says how much memory a hypervisor is to give the guest; add --qemu, --libvirt or "
        "--cloud-hypervisor");
  }
  if (emulated_ && !qemu_ && !libvirt_) {
    return wrong_usage("--tcg says how QEMU runs the guest; add --qemu or --libvirt");
  }
  if (memory_ && parse_number(*memory_).value_or(0) == 0) {
    return wrong_usage(fmt::format("--memory {} is no number of mebibytes", shown(*memory_)));
  }
  return {};
}

v1::DescribeAttachmentRequest AttachmentOptions::request_for(const std::string& guest) const {
  v1::DescribeAttachmentRequest request;
  request.set_name(guest);
  request.set_hypervisor(qemu_      ? v1::DescribeAttachmentRequest::HYPERVISOR_QEMU
                         : libvirt_ ? v1::DescribeAttachmentRequest::HYPERVISOR_LIBVIRT
                                    : v1::DescribeAttachmentRequest::HYPERVISOR_CLOUD_HYPERVISOR);
  if (memory_) request.set_memory_mib(parse_number(*memory_).value());
  request.set_emulated(emulated_);
  return request;
}

Status AttachmentOptions::show(Client& client, const std::string& guest, Terminal& terminal) const {
  const auto attachment = client.look(&Client::Guests::DescribeAttachment, request_for(guest));
  if (!attachment) return tl::unexpected(attachment.error());
  for (const std::string& warning : attachment->warnings()) warn(terminal, guest, warning);
  if (libvirt_) {
    terminal.out() << attachment->text();
    return {};
  }
  if (attachment->arguments().empty()) {
    warn(terminal, guest, "the guest has no vNICs that a hypervisor attaches");
  }
  terminal.out() << shell_lines({attachment->arguments().begin(), attachment->arguments().end()});
  return {};
}

}  // namespace hpvmnet::cli
