#include "control/attachment.h"

#include <gmock/gmock.h>

#include "avio_lan/adaptor.h"
#include "lan/adaptor.h"
#include "tap/adaptor.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DescribeAttachment : public testing::Test {
 protected:
  AttachedVnic vnic(const Adaptor& adaptor, unsigned number) const {
    return {std::string(adaptor.name()),
            &adaptor,
            {.port = {.vswitch = "sw", .number = number, .directory = "/run/a&b"},
             .id = "hpvmnet-0-" + std::to_string(number),
             .mac = MacAddress(0x02000000000a),
             .queue_pairs = 1}};
  }
  static Attachment describe(const std::vector<AttachedVnic>& vnics, Hypervisor hypervisor,
                             bool emulated = false) {
    return describe_attachment("web1", vnics, {hypervisor, 512, emulated}).value();
  }

  avio_lan::AvioAdaptor avio_;
  lan::LanAdaptor lan_;
  tap::TapAdaptor tap_;
};

TEST_F(DescribeAttachment, AsADomainOfLibvirt) {
  AttachedVnic fast = vnic(avio_, 1);
  fast.spec.queue_pairs = 4;
  fast.spec.port.packed_rings = true;
  EXPECT_EQ(describe({fast, vnic(tap_, 3)}, Hypervisor::libvirt).text,
            R"(<domain type='kvm'>
  <name>web1</name>
  <memory unit='MiB'>512</memory>
  <memoryBacking>
    <source type='memfd'/>
    <access mode='shared'/>
  </memoryBacking>
  <devices>
    <interface type='vhostuser'>
      <mac address='02:00:00:00:00:0a'/>
      <source type='unix' path='/run/a&amp;b/1.sock' mode='client'>
        <reconnect enabled='yes' timeout='1'/>
      </source>
      <model type='virtio'/>
      <driver queues='4' packed='on'/>
      <alias name='ua-hpvmnet-0-1'/>
    </interface>
  </devices>
</domain>
)");
}

TEST_F(DescribeAttachment, ToLibvirtsQemuWhereLibvirtHasNoWords) {
  const std::string text = describe({vnic(lan_, 2)}, Hypervisor::libvirt).text;
  EXPECT_EQ(text, R"(<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>web1</name>
  <memory unit='MiB'>512</memory>
  <qemu:commandline>
    <qemu:arg value='-netdev'/>
    <qemu:arg value='stream,id=hpvmnet-0-2,server=off,addr.type=unix,addr.path=/run/a&amp;b/2.sock'/>
    <qemu:arg value='-device'/>
    <qemu:arg value='{&quot;driver&quot;:&quot;e1000&quot;,&quot;netdev&quot;:&quot;hpvmnet-0-2&quot;,&quot;mac&quot;:&quot;02:00:00:00:00:0a&quot;}'/>
  </qemu:commandline>
</domain>
)");
}

TEST_F(DescribeAttachment, ToAnEmulatorWithoutMsix) {
  AttachedVnic fast = vnic(avio_, 1);
  fast.spec.emulated = true;
  EXPECT_THAT(describe({fast}, Hypervisor::qemu).arguments.back(), HasSubstr(",vectors=0"));
  const std::string text = describe({fast}, Hypervisor::libvirt, true).text;
  EXPECT_THAT(text, testing::StartsWith("<domain type='qemu' xmlns:qemu="));
  EXPECT_THAT(text, HasSubstr(R"(
  <qemu:override>
    <qemu:device alias='ua-hpvmnet-0-1'>
      <qemu:frontend>
        <qemu:property name='vectors' type='unsigned' value='0'/>
      </qemu:frontend>
    </qemu:device>
  </qemu:override>
)"));
  EXPECT_THAT(text, Not(HasSubstr("<driver")));
}

TEST_F(DescribeAttachment, AsArgumentsOfCloudHypervisor) {
  AttachedVnic fast = vnic(avio_, 1);
  fast.spec.queue_pairs = 2;
  EXPECT_THAT(
      describe({fast, vnic(avio_, 2), vnic(tap_, 3)}, Hypervisor::cloud_hypervisor).arguments,
      ElementsAre("--memory", "size=512M,shared=on", "--net",
                  "vhost_user=true,socket=/run/a&b/1.sock,mac=02:00:00:00:00:0a,num_queues=4",
                  "vhost_user=true,socket=/run/a&b/2.sock,mac=02:00:00:00:00:0a,num_queues=2"));
  EXPECT_THAT(describe({vnic(tap_, 3)}, Hypervisor::cloud_hypervisor).arguments, IsEmpty());
}

TEST_F(DescribeAttachment, CloudHypervisorHasNoEmulatedCard) {
  const auto refused =
      describe_attachment("web1", {vnic(lan_, 2)}, {Hypervisor::cloud_hypervisor, 512, false});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("'hpvmmodify -P web1 --migrate-to-avio'"));
}

TEST_F(DescribeAttachment, NeedsThePlugin) {
  const auto refused = describe_attachment("web1", {{"radio", nullptr, {}}}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text,
            "guest 'web1' has a vNIC of type 'radio', which no plugin provides");
}

}  // namespace
}  // namespace hpvmnet
