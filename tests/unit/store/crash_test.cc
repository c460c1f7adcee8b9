#include <chrono>
#include <csignal>
#include <cstdint>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "unit/store/store_fixture.h"

namespace hpvmnet {
namespace {

using std::chrono::microseconds;

/// The state after `step` saves. Each step changes rows of all tables, so that half a step shows.
Model state_after(std::uint64_t step) {
  Model model = initial_model();
  if (step == 0) return model;
  Vswitch& vswitch = model.vswitches["sw" + std::to_string(step % 2)];
  vswitch = {
      .name = "sw" + std::to_string(step % 2), .number = 2, .up = step % 3 == 0, .ports = {}};
  for (PortNumber port = 0; port < 20; ++port) {
    vswitch.ports[port].vlans.untagged = static_cast<VlanId>((step + port) % 4095);
  }
  model.guests["g"] = {.name = "g", .number = 1, .vnics = {}};
  for (std::uint32_t device = 0; device < 4; ++device) {
    const MacAddress mac(0x0200'0000'0000 + step * 4 + device);
    model.guests["g"].vnics.push_back(
        {"lan", 0, device, mac, vswitch.name, static_cast<PortNumber>(device), "/run/x"});
  }
  return model;
}

std::uint64_t step_of(const Model& model) {
  const auto guest = model.guests.find("g");
  if (guest == model.guests.end()) return 0;
  return (guest->second.vnics.at(0).mac.value() - 0x0200'0000'0000) / 4;
}

/// Saves step after step and writes the number of each into `acknowledge`; returns on error only.
void save_for_ever(const std::filesystem::path& directory, int acknowledge) {
  LineLog log;
  const auto store = Store::open(directory, log);
  if (!store) return;
  auto model = (*store)->load();
  if (!model) return;
  for (std::uint64_t step = step_of(*model);;) {
    if (!(*store)->save(state_after(step), state_after(step + 1))) return;
    ++step;
    if (::write(acknowledge, &step, sizeof step) != sizeof step) return;
  }
}

class CrashTest : public StoreFixture {
 protected:
  /// Starts a process that saves, kills it `delay` after it has acknowledged `saves` steps, and
  /// returns the last step that it acknowledged, `before` if none.
  std::uint64_t crash(unsigned saves, microseconds delay, std::uint64_t before) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) {
      save_for_ever(directory(), write_end.get());
      ::_exit(1);
    }
    write_end.reset();
    std::uint64_t last = before;
    for (unsigned save = 0; save < saves; ++save) {
      EXPECT_EQ(::read(read_end.get(), &last, sizeof last), ssize_t{sizeof last});
    }
    std::this_thread::sleep_for(delay);
    EXPECT_EQ(::kill(child, SIGKILL), 0);
    while (::read(read_end.get(), &last, sizeof last) == sizeof last) continue;
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        << "it ended by itself: a save failed";
    return last;
  }
};

TEST_F(CrashTest, NothingAcknowledgedIsLost) {
  std::mt19937 engine(std::random_device{}());
  std::uint64_t step = 0;
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    const auto saves = static_cast<unsigned>(engine() % 8);
    const std::uint64_t acknowledged = crash(saves, microseconds(engine() % 10'000), step);
    EXPECT_GE(acknowledged, step + saves);
    const Model model = reload();
    step = step_of(model);
    EXPECT_GE(step, acknowledged) << "lost";
    EXPECT_LE(step, acknowledged + 1);
    EXPECT_EQ(model, state_after(step)) << "half a step";
  }
}

TEST_F(CrashTest, AFirstStartCanBeInterruptedAnywhere) {
  const auto started = std::chrono::steady_clock::now();
  ASSERT_TRUE(must_open());
  const auto whole = std::chrono::steady_clock::now() - started;
  const auto longest =
      static_cast<unsigned>(std::chrono::duration_cast<microseconds>(whole).count() * 2);
  std::mt19937 engine(std::random_device{}());
  for (int round = 0; round < 30 && !HasFailure(); ++round) {
    std::filesystem::remove_all(directory());
    const std::uint64_t acknowledged = crash(0, microseconds(engine() % longest), 0);
    EXPECT_GE(step_of(reload()), acknowledged);
  }
}

}  // namespace
}  // namespace hpvmnet
