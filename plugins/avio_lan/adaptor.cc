#include "avio_lan/adaptor.h"

#include <utility>

#include <fmt/format.h>

#include "avio_lan/listener.h"
#include "avio_lan/port.h"
#include "base/xml.h"

namespace hpvmnet::avio_lan {
namespace {

// Within a QEMU option a comma ends a value, and two commas are one.
std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    text += c;
    if (c == ',') text += c;
  }
  return text;
}

}  // namespace

Status AvioAdaptor::check(const PortSpec& spec) const {
  if (spec.endpoint.empty()) return check_socket_path(spec.socket());
  return fail(ErrorCode::invalid_argument,
              fmt::format("port {} of vswitch '{}' cannot connect to '{}': on an avio_lan port the "
                          "hypervisor connects to the switch; leave the endpoint out",
                          spec.number, spec.vswitch, spec.endpoint));
}

Result<std::unique_ptr<Port>> AvioAdaptor::open(const PortSpec& spec, PortHost& host) {
  return AvioPort::open(spec, host, signaller_)
      .map([](std::unique_ptr<AvioPort> port) -> std::unique_ptr<Port> { return port; });
}

std::vector<std::string> AvioAdaptor::qemu_arguments(const AttachmentSpec& vnic) const {
  std::string netdev = fmt::format("vhost-user,id={0},chardev={0}-socket", vnic.id);
  std::string device =
      fmt::format("virtio-net-pci,id={0}-nic,netdev={0},mac={1}", vnic.id, vnic.mac.colons());
  if (vnic.queue_pairs > 1) {
    netdev += fmt::format(",queues={}", vnic.queue_pairs);
    device += ",mq=on";
  }
  if (vnic.port.packed_rings) device += ",packed=on";
  if (vnic.emulated) device += ",vectors=0";
  return {
      "-chardev",
      fmt::format("socket,id={}-socket,path={},reconnect=1", vnic.id,
                  escaped(vnic.port.socket().native())),
      "-netdev",
      netdev,
      "-device",
      device,
  };
}

// An alias of the user's choice begins with "ua-" in libvirt.
LibvirtDevice AvioAdaptor::libvirt_device(const AttachmentSpec& vnic) const {
  std::string driver;
  if (vnic.queue_pairs > 1) driver += fmt::format(" queues='{}'", vnic.queue_pairs);
  if (vnic.port.packed_rings) driver += " packed='on'";
  if (!driver.empty()) driver = fmt::format("  <driver{}/>\n", driver);
  LibvirtDevice device;
  device.interface = fmt::format(
      "<interface type='vhostuser'>\n"
      "  <mac address='{}'/>\n"
      "  <source type='unix' path='{}' mode='client'>\n"
      "    <reconnect enabled='yes' timeout='1'/>\n"
      "  </source>\n"
      "  <model type='virtio'/>\n"
      "{}"
      "  <alias name='ua-{}'/>\n"
      "</interface>\n",
      vnic.mac.colons(), xml_escaped(vnic.port.socket().native()), driver, vnic.id);
  if (!vnic.emulated) return device;
  device.qemu_override = fmt::format(
      "<qemu:device alias='ua-{}'>\n"
      "  <qemu:frontend>\n"
      "    <qemu:property name='vectors' type='unsigned' value='0'/>\n"
      "  </qemu:frontend>\n"
      "</qemu:device>\n",
      vnic.id);
  return device;
}

// It counts queues, not pairs of them.
std::string AvioAdaptor::cloud_hypervisor_net(const AttachmentSpec& vnic) const {
  return fmt::format("vhost_user=true,socket={},mac={},num_queues={}", vnic.port.socket().native(),
                     vnic.mac.colons(), 2 * vnic.queue_pairs);
}

}  // namespace hpvmnet::avio_lan
