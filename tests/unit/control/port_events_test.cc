#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <sys/eventfd.h>

#include "base/fd.h"
#include "control/event_journal.h"
#include "plugin/adaptor.h"
#include "support/test_switch.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A port whose peer and driver are a test's.
class PlainPort final : public Port {
 public:
  explicit PlainPort(PortHost& host) : host_(host) {}

  PortHost& host() { return host_; }
  void start() {
    const int wake = wake_.get();
    host_.start_queues({&wake, 1});
  }

  void receive(QueueId /*queue*/, Burst& /*burst*/, Tally& /*tally*/) noexcept override {}
  void release(QueueId /*queue*/) noexcept override {}
  void send(std::span<const Frame* const> /*frames*/, Tally& /*tally*/) noexcept override {}
  Wait park(QueueId /*queue*/) noexcept override { return Wait::input; }

 private:
  PortHost& host_;
  const Fd wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

class PlainAdaptor final : public Adaptor {
 public:
  explicit PlainAdaptor(std::string_view name) : name_(name) {}

  std::string_view name() const override { return name_; }
  Status check(const PortSpec& /*spec*/) const override { return {}; }
  Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host) override {
    auto port = std::make_unique<PlainPort>(host);
    ports_[spec.number] = port.get();
    return port;
  }
  std::vector<std::string> qemu_arguments(const AttachmentSpec& /*vnic*/) const override {
    return {};
  }
  bool needs_shared_memory() const override { return false; }

  PlainPort& port(unsigned number) { return *ports_.at(number); }

 private:
  const std::string_view name_;
  std::map<unsigned, PlainPort*> ports_;
};

class PortEventsTest : public testing::Test {
 protected:
  /// The texts of the events since the last call.
  std::vector<std::string> news() {
    return switch_.command([&](Commands& commands) {
      std::vector<std::string> texts;
      for (const Event& event : commands.events().since(seen_)) texts.push_back(event.text);
      seen_ = commands.events().newest();
      return texts;
    });
  }
  void at(unsigned number, const std::function<void(PlainPort&)>& happens) {
    switch_.command([&](Commands& /*commands*/) {
      happens(adaptor_->port(number));
      return true;
    });
  }

  std::uint64_t seen_ = 0;
  const std::shared_ptr<PlainAdaptor> adaptor_ = std::make_shared<PlainAdaptor>("plain");
  const std::shared_ptr<PlainAdaptor> uplink_ = std::make_shared<PlainAdaptor>("uplink");
  test::TestSwitch switch_{{.adaptors = {adaptor_, uplink_}}};
};

TEST_F(PortEventsTest, BeginWithTheDaemon) {
  EXPECT_THAT(news(), ElementsAre("hpvmnetd " HPVMNET_VERSION " has started"));
}

TEST_F(PortEventsTest, TellOfAGuestThatComesAndGoes) {
  switch_.add_port(1, "plain");
  news();
  at(1, [](PlainPort& port) {
    port.host().set_peer(true);
    port.start();
  });
  EXPECT_THAT(news(),
              ElementsAre("guest localnet-1 is attached to port 1 of vswitch localnet",
                          "port 1 of vswitch localnet is up: the driver of guest localnet-1 is "
                          "ready"));
  at(1, [](PlainPort& port) {
    port.host().stop_queues();
    port.host().set_peer(false);
  });
  EXPECT_THAT(news(),
              ElementsAre("port 1 of vswitch localnet is down: the driver of guest localnet-1 has "
                          "stopped",
                          "guest localnet-1 has left port 1 of vswitch localnet"));
}

TEST_F(PortEventsTest, ComeInOrderWhateverThePortDoesFirst) {
  switch_.add_port(1, "plain");
  news();
  at(1, [](PlainPort& port) {
    port.start();
    port.host().set_peer(true);
  });
  EXPECT_EQ(news().front(), "guest localnet-1 is attached to port 1 of vswitch localnet");
  at(1, [](PlainPort& port) { port.host().set_peer(false); });
  EXPECT_EQ(news().back(), "guest localnet-1 has left port 1 of vswitch localnet");
}

TEST_F(PortEventsTest, DoNotTellOfAChangeOfRings) {
  switch_.add_port(1, "plain");
  at(1, [](PlainPort& port) {
    port.host().set_peer(true);
    port.start();
  });
  news();
  at(1, [](PlainPort& port) { port.host().stop_queues(); });
  at(1, [](PlainPort& port) { port.start(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  EXPECT_THAT(news(), IsEmpty());
  at(1, [](PlainPort& port) { port.host().stop_queues(); });
  std::vector<std::string> later;
  EXPECT_TRUE(test::eventually([&] { return !(later = news()).empty(); }));
  EXPECT_THAT(later, ElementsAre("port 1 of vswitch localnet is down: the driver of guest "
                                 "localnet-1 has stopped"));
}

TEST_F(PortEventsTest, EndWithThePort) {
  switch_.add_port(1, "plain");
  at(1, [](PlainPort& port) { port.host().set_peer(true); });
  news();
  switch_.remove_port(1);
  EXPECT_EQ(news().front(), "guest localnet-1 has left port 1 of vswitch localnet");
}

TEST_F(PortEventsTest, TellOfTheBackingInterface) {
  switch_.add_vswitch("prod");
  ASSERT_TRUE(switch_.command([](Commands& commands) {
    return commands.set_backing({"prod"}, BackingRequest{"eth1", "", {}}, true);
  }));
  news();
  const auto condition = [&](PortCondition to) {
    switch_.command([&](Commands&) {
      uplink_->port(kUplinkNumber).host().set_condition(std::move(to));
      return true;
    });
  };
  condition({.mode = "packet", .remark = {}, .mac = {}, .ipv4_address = {}});
  condition({.mode = "packet", .remark = "slow", .mac = {}, .ipv4_address = {}});
  condition({.mode = "packet", .remark = "no link", .mac = {}, .ipv4_address = {}, .link = false});
  condition({.mode = {}, .remark = "it is down", .mac = {}, .ipv4_address = {}, .link = false});
  condition({.mode = "packet", .remark = {}, .mac = {}, .ipv4_address = {}});
  EXPECT_THAT(news(), ElementsAre("vswitch prod is joined to interface eth1 (packet)",
                                  "vswitch prod is without its interface eth1: no link",
                                  "vswitch prod is joined to interface eth1 (packet)"));
}

}  // namespace
}  // namespace hpvmnet
