#include "control/attachment.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/xml.h"

namespace hpvmnet {
namespace {

bool share_memory(const std::vector<AttachedVnic>& vnics) {
  return std::ranges::any_of(
      vnics, [](const AttachedVnic& vnic) { return vnic.adaptor->needs_shared_memory(); });
}

Attachment for_qemu(const std::vector<AttachedVnic>& vnics, std::uint64_t memory_mib) {
  Attachment attachment;
  if (share_memory(vnics)) {
    attachment.arguments = {
        "-m",
        fmt::format("{}M", memory_mib),
        "-object",
        fmt::format("memory-backend-memfd,id=hpvmnet-memory,size={}M,share=on", memory_mib),
        "-machine",
        "memory-backend=hpvmnet-memory"};
  }
  for (const AttachedVnic& vnic : vnics) {
    std::ranges::move(vnic.adaptor->qemu_arguments(vnic.spec),
                      std::back_inserter(attachment.arguments));
  }
  return attachment;
}

/// An element with elements in it; nothing where there are none.
std::string element(std::string_view name, const std::string& content) {
  if (content.empty()) return {};
  return fmt::format("<{0}>\n{1}</{0}>\n", name, content);
}

std::string indented(const std::string& lines) {
  std::string text;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size() - 1) + 1;
    text += "  " + lines.substr(begin, end - begin);
    begin = end;
  }
  return text;
}

std::string shared_memory_xml() {
  return element("memoryBacking", "  <source type='memfd'/>\n  <access mode='shared'/>\n");
}

Attachment for_libvirt(const std::string& guest, const std::vector<AttachedVnic>& vnics,
                       const AttachmentRequest& request) {
  std::string devices;
  std::string arguments;
  std::string overrides;
  for (const AttachedVnic& vnic : vnics) {
    const LibvirtDevice device = vnic.adaptor->libvirt_device(vnic.spec);
    devices += device.interface;
    overrides += device.qemu_override;
    for (const std::string& argument : device.qemu_arguments) {
      arguments += fmt::format("  <qemu:arg value='{}'/>\n", xml_escaped(argument));
    }
  }
  std::string content = fmt::format("<name>{}</name>\n<memory unit='MiB'>{}</memory>\n",
                                    xml_escaped(guest), request.memory_mib);
  if (share_memory(vnics)) content += shared_memory_xml();
  content += element("devices", indented(devices));
  content += element("qemu:commandline", arguments);
  content += element("qemu:override", indented(overrides));
  const std::string_view type = request.emulated ? "qemu" : "kvm";
  const std::string_view words = arguments.empty() && overrides.empty()
                                     ? ""
                                     : " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'";
  return {
      .arguments = {},
      .text = fmt::format("<domain type='{}'{}>\n{}</domain>\n", type, words, indented(content)),
      .warnings = {}};
}

Result<Attachment> for_cloud_hypervisor(const std::string& guest,
                                        const std::vector<AttachedVnic>& vnics,
                                        std::uint64_t memory_mib) {
  Attachment attachment;
  if (share_memory(vnics)) {
    attachment.arguments = {"--memory", fmt::format("size={}M,shared=on", memory_mib)};
  }
  std::vector<std::string> networks;
  for (const AttachedVnic& vnic : vnics) {
    if (std::string network = vnic.adaptor->cloud_hypervisor_net(vnic.spec); !network.empty()) {
      networks.push_back(std::move(network));
      continue;
    }
    if (vnic.adaptor->qemu_arguments(vnic.spec).empty()) continue;  // needs no hypervisor
    return fail(
        ErrorCode::failed_precondition,
        fmt::format("guest '{0}' has a vNIC of type '{1}', and cloud-hypervisor emulates no "
                    "such network card; give it an accelerated one, for all its lan vNICs "
                    "with 'hpvmmodify -P {0} --migrate-to-avio'",
                    guest, vnic.adaptor_name));
  }
  if (!networks.empty()) attachment.arguments.emplace_back("--net");
  std::ranges::move(networks, std::back_inserter(attachment.arguments));
  return attachment;
}

}  // namespace

Result<Attachment> describe_attachment(const std::string& guest,
                                       const std::vector<AttachedVnic>& vnics,
                                       const AttachmentRequest& request) {
  const auto unknown = std::ranges::find(vnics, nullptr, &AttachedVnic::adaptor);
  if (unknown != vnics.end()) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("guest '{}' has a vNIC of type '{}', which no plugin provides", guest,
                            unknown->adaptor_name));
  }
  switch (request.hypervisor) {
    case Hypervisor::qemu:
      return for_qemu(vnics, request.memory_mib);
    case Hypervisor::libvirt:
      return for_libvirt(guest, vnics, request);
    case Hypervisor::cloud_hypervisor:
      return for_cloud_hypervisor(guest, vnics, request.memory_mib);
  }
  return Attachment{};
}

}  // namespace hpvmnet
