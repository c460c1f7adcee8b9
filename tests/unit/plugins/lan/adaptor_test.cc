#include "lan/adaptor.h"

#include <fstream>

#include <sys/socket.h>

#include "support/unix_address.h"
#include "unit/plugins/lan/port_fixture.h"

namespace hpvmnet::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LanAdaptorTest : public testing::Test {
 protected:
  std::filesystem::path path(const std::string& name) const { return directory_.path() / name; }

  TemporaryDirectory directory_;
  PortSpec spec_{.vswitch = "blue", .number = 511, .directory = directory_.path()};
  FakeHost host_;
  lan::LanAdaptor adaptor_;
};

TEST_F(LanAdaptorTest, prints_what_qemu_needs) {
  spec_.directory = "/run/hpvmnet/vswitch/blue";
  const auto mac = MacAddress::parse("02:00:00:00:00:01");
  EXPECT_THAT(adaptor_.qemu_arguments({.port = spec_, .id = "vnic-0-1", .mac = *mac}),
              ElementsAre("-netdev",
                          "stream,id=vnic-0-1,server=off,addr.type=unix,"
                          "addr.path=/run/hpvmnet/vswitch/blue/511.sock",
                          "-device", "e1000,netdev=vnic-0-1,mac=02:00:00:00:00:01"));
  EXPECT_FALSE(adaptor_.needs_shared_memory());
}

TEST_F(LanAdaptorTest, prints_a_device_that_libvirts_qemu_makes_after_those_of_libvirt) {
  const LibvirtDevice device =
      adaptor_.libvirt_device({.port = spec_, .id = "v", .mac = MacAddress(2)});
  EXPECT_EQ(device.interface, "");
  ASSERT_EQ(device.qemu_arguments.size(), 4);
  EXPECT_THAT(device.qemu_arguments[1], testing::StartsWith("stream,id=v,"));
  EXPECT_EQ(device.qemu_arguments[3],
            R"({"driver":"e1000","netdev":"v","mac":"00:00:00:00:00:02"})");
}

TEST_F(LanAdaptorTest, doubles_commas_in_paths) {
  spec_.directory = "/tmp/a,b";
  EXPECT_THAT(adaptor_.qemu_arguments({.port = spec_, .id = "v", .mac = MacAddress(2)})[1],
              testing::EndsWith("addr.path=/tmp/a,,b/511.sock"));
}

TEST_F(LanAdaptorTest, judges_the_length_of_paths_without_touching_anything) {
  const std::size_t longest = 107 - std::string("/511.dgram").size();
  spec_.directory = "/" + std::string(longest - 1, 'x');
  EXPECT_TRUE(adaptor_.check(spec_));
  spec_.directory = "/" + std::string(longest, 'x');
  const Status refused = adaptor_.check(spec_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(refused.error().text, HasSubstr("at most 107 bytes, and this one has 108"));
  EXPECT_FALSE(adaptor_.open(spec_, host_));
}

TEST_F(LanAdaptorTest, judges_what_a_port_is_to_connect_to) {
  spec_.directory = "/" + std::string(200, 'x');  // where no socket would fit, and none is made
  spec_.endpoint = "/" + std::string(106, 'x');
  EXPECT_TRUE(adaptor_.check(spec_));
  spec_.endpoint = "/" + std::string(107, 'x');
  Status refused = adaptor_.check(spec_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("at most 107 bytes, and this one has 108; choose a "
                                              "shorter one"));
  for (const char* endpoint : {"passt.socket", "./passt", "tap0"}) {
    spec_.endpoint = endpoint;
    refused = adaptor_.check(spec_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(refused.error().text,
                HasSubstr("port 511 of vswitch 'blue' cannot connect to '" + spec_.endpoint + "'"));
    EXPECT_FALSE(adaptor_.open(spec_, host_));
  }
}

TEST_F(LanAdaptorTest, leaves_qemu_nothing_to_do_where_the_port_connects) {
  spec_.endpoint = "/run/passt.socket";
  const AttachmentSpec vnic{.port = spec_, .id = "v", .mac = MacAddress(2)};
  EXPECT_THAT(adaptor_.qemu_arguments(vnic), testing::IsEmpty());
  EXPECT_THAT(adaptor_.libvirt_device(vnic).qemu_arguments, testing::IsEmpty());
}

TEST_F(LanAdaptorTest, takes_the_place_of_sockets_that_a_dead_daemon_left) {
  for (const char* name : {"511.sock", "511.dgram"}) {
    const Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto address = unix_address(path(name));
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  const auto port = adaptor_.open(spec_, host_);
  ASSERT_TRUE(port) << port.error().text;
  LanPeer peer(path("511.sock"));
  host_.fake_loop().look();
  EXPECT_TRUE(host_.peer_present);
}

TEST_F(LanAdaptorTest, leaves_everything_as_it_was_where_it_cannot_open) {
  for (const char* name : {"511.sock", "511.dgram"}) {
    std::ofstream(path(name)) << "precious";
    const auto port = adaptor_.open(spec_, host_);
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().code, ErrorCode::failed_precondition);
    EXPECT_THAT(port.error().text, HasSubstr(path(name).string() + " is in the way"));
    std::string word;
    std::ifstream(path(name)) >> word;
    EXPECT_EQ(word, "precious");
    std::filesystem::remove(path(name));
    EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
  }
}

TEST_F(LanAdaptorTest, names_the_directory_that_is_missing) {
  spec_.directory = path("nowhere");
  const auto port = adaptor_.open(spec_, host_);
  ASSERT_FALSE(port);
  EXPECT_THAT(port.error().text, HasSubstr((path("nowhere") / "511.sock").string()));
}

}  // namespace
}  // namespace hpvmnet::test
