#include <optional>
#include <string>
#include <utility>

#include "rpc/convert.h"

namespace hpvmnet {
namespace {

constexpr std::uint64_t kDefaultMemoryMib = 1024;

std::optional<Hypervisor> hypervisor_of(v1::DescribeAttachmentRequest::Hypervisor hypervisor) {
  switch (hypervisor) {
    case v1::DescribeAttachmentRequest::HYPERVISOR_QEMU:
      return Hypervisor::qemu;
    case v1::DescribeAttachmentRequest::HYPERVISOR_LIBVIRT:
      return Hypervisor::libvirt;
    case v1::DescribeAttachmentRequest::HYPERVISOR_CLOUD_HYPERVISOR:
      return Hypervisor::cloud_hypervisor;
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<AttachmentArguments> from_proto(const v1::DescribeAttachmentRequest& request) {
  const auto hypervisor = hypervisor_of(request.hypervisor());
  if (!hypervisor) {
    return fail(ErrorCode::invalid_argument,
                "the request names no hypervisor that hpvmnetd knows; it knows QEMU, libvirt and "
                "cloud-hypervisor");
  }
  return read_name("guest", request.name()).map([&](std::string guest) {
    const std::uint64_t memory = request.memory_mib();
    return AttachmentArguments{
        .guest = std::move(guest),
        .attachment = {.hypervisor = *hypervisor,
                       .memory_mib = memory == 0 ? kDefaultMemoryMib : memory,
                       .emulated = request.emulated()}};
  });
}

void to_proto(const Attachment& from, v1::DescribeAttachmentResponse& to) {
  for (const std::string& argument : from.arguments) to.add_arguments(argument);
  to.set_text(from.text);
  for (const std::string& warning : from.warnings) to.add_warnings(warning);
}

}  // namespace hpvmnet
