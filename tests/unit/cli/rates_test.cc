#include "cli/top/rates.h"

#include <gtest/gtest.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

v1::WatchCountersResponse sample(const std::string& text) {
  return message<v1::WatchCountersResponse>(text);
}

TEST(Rates, AreDifferencesASecond) {
  const auto from = sample(R"(time_ns: 1000000000
      vswitches { name: "prod" ports { number: 3 counters {
        ingress_frames: 100 ingress_bytes: 1000 ingress_bursts: 10
        egress_frames: 5 egress_bytes: 50 drops { reason: "no_buffer" frames: 7 } } } }
      workers { busy_ns: 100 total_ns: 1000 })");
  const auto to = sample(R"(time_ns: 3000000000 skipped: 2
      vswitches { name: "prod" ports { number: 3 guest: "web" adaptor: "avio_lan" active: true
        workers: 1 workers: 0 workers: 1 counters {
        ingress_frames: 300 ingress_bytes: 5000 ingress_bursts: 60
        egress_frames: 25 egress_bytes: 250
        drops { reason: "no_buffer" frames: 11 } drops { reason: "vlan" frames: 20 } } } }
      workers { cpu: 2 busy_ns: 600 total_ns: 2000 })");
  const Rates rates = rates_between(from, to);
  EXPECT_EQ(rates.seconds, 2);
  EXPECT_EQ(rates.skipped, 2u);
  ASSERT_EQ(rates.ports.size(), 1u);
  const PortRates& port = rates.ports[0];
  EXPECT_EQ(port.vswitch, "prod");
  EXPECT_EQ(port.guest, "web");
  EXPECT_EQ(port.in_frames, 100);
  EXPECT_EQ(port.in_bits, 16000);
  EXPECT_EQ(port.out_frames, 10);
  EXPECT_EQ(port.out_bits, 800);
  EXPECT_EQ(port.drops, 12);
  EXPECT_EQ(port.reason, "vlan");
  EXPECT_EQ(port.burst, 4);
  EXPECT_EQ(port.workers, (std::vector<std::uint32_t>{0, 1}));
  ASSERT_EQ(rates.workers.size(), 1u);
  EXPECT_EQ(rates.workers[0].name, "worker 0 (cpu 2)");
  EXPECT_EQ(rates.workers[0].busy, 0.5);
}

TEST(Rates, OfAPortThatIsOpenedAnewAreFromItsBeginning) {
  const auto from = sample(R"(time_ns: 1 vswitches { name: "a" ports { counters {
      ingress_frames: 100 } } })");
  const auto to = sample(R"(time_ns: 1000000001
      vswitches { name: "a" ports { counters { ingress_frames: 30 } }
                            ports { number: 1 counters { ingress_frames: 40 } } })");
  const Rates rates = rates_between(from, to);
  ASSERT_EQ(rates.ports.size(), 2u);
  EXPECT_EQ(rates.ports[0].in_frames, 30);
  EXPECT_EQ(rates.ports[1].in_frames, 40);
}

TEST(Rates, OfTwoSamplesAtOneMomentAreNumbers) {
  const auto one = sample(R"(time_ns: 5 vswitches { name: "a" ports {} } workers {})");
  const Rates rates = rates_between(one, one);
  EXPECT_EQ(rates.ports[0].in_frames, 0);
  EXPECT_EQ(rates.workers[0].busy, 0);
}

}  // namespace
}  // namespace hpvmnet::cli
