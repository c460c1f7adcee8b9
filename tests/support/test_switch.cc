#include "support/test_switch.h"

#include <random>
#include <stdexcept>
#include <thread>

#include "control/controller.h"
#include "control/loop.h"
#include "control/switchboard.h"
#include "support/temporary_directory.h"
#include "worker/worker_pool.h"

namespace hpvmnet::test {
namespace {

std::string guest_of(unsigned port, const std::string& vswitch) {
  return fmt::format("{}-{}", vswitch, port);
}

void expect(const Status& status) {
  if (!status) throw std::runtime_error(status.error().text);
}

template <class T>
T value(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

}  // namespace

// What lives on the control thread, from its beginning to its end.
class TestSwitch::Core {
 public:
  Core(Options options, Log& log) : options_(std::move(options)), log_(log) {
    std::promise<void> ready;
    auto started = ready.get_future();
    thread_ = std::thread([&] { serve(std::move(ready)); });
    started.get();
  }
  ~Core() {
    loop_->stop();
    thread_.join();
  }

  void run(const std::function<void(Commands&)>& work) {
    std::promise<void> done;
    loop_->post([&] {
      work(*controller_);
      done.set_value();
    });
    done.get_future().get();
  }

 private:
  void serve(std::promise<void> ready) {
    Loop loop;
    loop_ = &loop;
    const auto workers = value(
        WorkerPool::start(std::vector<std::optional<unsigned>>(options_.workers), options_.spin));
    const auto find = [this](std::string_view name) { return find_named(options_.adaptors, name); };
    const auto find_filter = [this](std::string_view name) {
      return find_named(options_.filters, name);
    };
    const auto random = [this] { return random_(); };
    EventJournal journal(random_());
    Switchboard board(
        {loop, *workers, log_, directory_.path(), find, find_filter, random, journal});
    Controller controller(options_.saved.value_or(initial_model()),
                          {board,
                           {[&](std::string_view name) { return find(name) != nullptr; }, random},
                           [](const Model&, const Model&) { return Status(); },
                           find,
                           [] { return std::vector<PluginStatus>(); },
                           log_,
                           journal});
    controller_ = &controller;
    ready.set_value();
    loop.run();
  }

  template <class Kind>
  static Kind* find_named(const std::vector<std::shared_ptr<Kind>>& all, std::string_view name) {
    for (const auto& each : all) {
      if (each->name() == name) return each.get();
    }
    return nullptr;
  }

  const Options options_;
  Log& log_;
  TemporaryDirectory directory_;
  std::mt19937_64 random_{1};
  Loop* loop_ = nullptr;
  Controller* controller_ = nullptr;
  std::thread thread_;
};

TestSwitch::TestSwitch(Options options) : core_(std::make_unique<Core>(std::move(options), log_)) {}

TestSwitch::~TestSwitch() = default;

void TestSwitch::run(const std::function<void(Commands&)>& work) { core_->run(work); }

std::filesystem::path TestSwitch::add_port(unsigned number, const std::string& adaptor,
                                           std::optional<VlanId> vlan, const std::string& vswitch) {
  VnicRequest vnic;
  vnic.adaptor = adaptor;
  vnic.vswitch = vswitch;
  vnic.port = static_cast<PortNumber>(number);
  value(command([&](Commands& commands) -> Result<GuestStatus> {
    if (vlan) {
      const Status set = commands.set_port_vlan({vswitch}, number, *vlan);
      if (!set) return tl::unexpected(set.error());
    }
    return commands.create_guest(guest_of(number, vswitch), {vnic});
  }));
  return port(number, vswitch).socket;
}

void TestSwitch::remove_port(unsigned number, const std::string& vswitch) {
  expect(command(
      [&](Commands& commands) { return commands.remove_guest(guest_of(number, vswitch), true); }));
}

void TestSwitch::offer_packed_rings(unsigned number, const std::string& vswitch) {
  expect(command(
      [&](Commands& commands) { return commands.set_port_rings({vswitch}, number, true); }));
}

void TestSwitch::add_vswitch(const std::string& name) {
  expect(command([&](Commands& commands) -> Status {
    const Status made = commands.create_vswitch(name, {}, false);
    return made ? commands.set_vswitch_up({name}, true) : made;
  }));
}

PortStatus TestSwitch::port(unsigned number, const std::string& vswitch) {
  const auto status =
      value(command([&](Commands& commands) { return commands.vswitch({vswitch}); }));
  for (const PortStatus& one : status.ports) {
    if (one.number == number) return one;
  }
  throw std::runtime_error(fmt::format("vswitch {} has no port {}", vswitch, number));
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace hpvmnet::test
