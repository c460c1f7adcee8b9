#include <atomic>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <sys/eventfd.h>

#include "base/fd.h"
#include "plugin/adaptor.h"
#include "support/test_switch.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A port that is attached while a test says so, and keeps what it hears of company. Nothing comes
/// in by it.
class ListeningPort final : public Port {
 public:
  explicit ListeningPort(PortHost& host) : host_(host) {}

  void attach() {
    const int wake = wake_.get();
    host_.start_queues({&wake, 1});
  }
  void detach() { host_.stop_queues(); }
  std::vector<bool> take_heard() { return std::exchange(heard_, {}); }
  /// Whether frames have left by it. Any thread.
  bool used() const { return used_; }

  void receive(QueueId /*queue*/, Burst& /*burst*/, Tally& /*tally*/) noexcept override {}
  void release(QueueId /*queue*/) noexcept override {}
  void send(std::span<const Frame* const> /*frames*/, Tally& /*tally*/) noexcept override {
    used_ = true;
  }
  Wait park(QueueId /*queue*/) noexcept override { return Wait::input; }
  void set_company(bool present) override { heard_.push_back(present); }

 private:
  PortHost& host_;
  const Fd wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::vector<bool> heard_;
  std::atomic<bool> used_ = false;
};

class ListeningAdaptor final : public Adaptor {
 public:
  std::string_view name() const override { return "listening"; }
  Status check(const PortSpec& /*spec*/) const override { return {}; }
  Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host) override {
    auto port = std::make_unique<ListeningPort>(host);
    ports_[{spec.vswitch, spec.number}] = port.get();
    return port;
  }
  std::vector<std::string> qemu_arguments(const AttachmentSpec& /*vnic*/) const override {
    return {};
  }
  bool needs_shared_memory() const override { return false; }

  ListeningPort& port(unsigned number, const std::string& vswitch) {
    return *ports_.at({vswitch, number});
  }

 private:
  std::map<std::pair<std::string, unsigned>, ListeningPort*> ports_;
};

/// A switch with two ports on localnet and one on another vswitch, none attached.
class Company : public testing::Test {
 protected:
  Company() {
    switch_.add_vswitch("other");
    switch_.add_port(1, "listening");
    switch_.add_port(2, "listening");
    switch_.add_port(1, "listening", {}, "other");
  }

  void attach(unsigned number, const std::string& vswitch = kLocalnet) {
    switch_.command([&](Commands& /*commands*/) {
      adaptor_->port(number, vswitch).attach();
      return true;
    });
  }
  void detach(unsigned number) {
    switch_.command([&](Commands& /*commands*/) {
      adaptor_->port(number, kLocalnet).detach();
      return true;
    });
  }
  /// What a port has heard since the last time.
  std::vector<bool> heard(unsigned number) {
    return switch_.command(
        [&](Commands& /*commands*/) { return adaptor_->port(number, kLocalnet).take_heard(); });
  }

  const std::shared_ptr<ListeningAdaptor> adaptor_ = std::make_shared<ListeningAdaptor>();
  test::TestSwitch switch_{{.adaptors = {adaptor_}}};
};

TEST_F(Company, IsAnotherAttachedPort) {
  attach(1);
  EXPECT_THAT(heard(1), ElementsAre(false));
  EXPECT_THAT(heard(2), IsEmpty()) << "it is not attached";
  attach(2);
  EXPECT_THAT(heard(1), ElementsAre(true));
  EXPECT_THAT(heard(2), ElementsAre(true));
  detach(2);
  EXPECT_THAT(heard(1), ElementsAre(false));
  EXPECT_THAT(heard(2), IsEmpty()) << "it is not attached any longer";
  attach(2);
  EXPECT_THAT(heard(2), ElementsAre(true));
}

TEST_F(Company, GoesWithThePort) {
  attach(1);
  attach(2);
  switch_.remove_port(2);
  EXPECT_THAT(heard(1), ElementsAre(false, true, false));
}

TEST_F(Company, IsOfTheSameVswitch) {
  attach(1);
  attach(1, "other");
  EXPECT_THAT(heard(1), ElementsAre(false));
}

TEST_F(Company, IsNotTheVswitchItself) {
  // With this policy it asks for members of groups soon.
  ASSERT_TRUE(switch_.command([](Commands& commands) {
    return commands.set_multicast_policy({kLocalnet}, MulticastPolicy::strict);
  }));
  attach(1);
  ASSERT_TRUE(test::eventually([&] { return adaptor_->port(1, kLocalnet).used(); }));
  EXPECT_THAT(heard(1), ElementsAre(false));
}

}  // namespace
}  // namespace hpvmnet
