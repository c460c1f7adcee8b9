#include "metrics/metrics.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace hpvmnet {
namespace {

using testing::HasSubstr;
using testing::Not;

Survey example() {
  PortReading one{.number = 1, .attached = true, .blocked = false, .counters = {}};
  one.counters.ingress_frames = 7;
  one.counters.egress_bytes = 12'345'678'901'234;
  one.counters.drops[static_cast<std::size_t>(Drop::no_buffer)] = 3;
  const PortReading uplink{
      .number = kUplinkPort, .attached = false, .blocked = true, .counters = {}};
  Survey survey;
  survey.vswitches.push_back({.name = "blue",
                              .number = 2,
                              .up = true,
                              .mac_addresses = 9,
                              .interface = "eth1",
                              .ports = {one, uplink}});
  survey.vnics.push_back({"web", "avio_lan", MacAddress(0x02'00'00'00'00'01), "blue", 1});
  survey.workers.push_back({.cpu = 3, .busy_ns = 1'500'000'000, .total_ns = 9'000'000'000});
  return survey;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(Metrics, EachValueHasItsLine) {
  const auto lines = lines_of(metrics_text(example()));
  for (const char* line :
       {"hpvmnet_vswitch_up{vswitch=\"blue\"} 1",
        "hpvmnet_vswitch_mac_addresses{vswitch=\"blue\"} 9",
        "hpvmnet_vswitch_open_ports{vswitch=\"blue\"} 2",
        "hpvmnet_vswitch_sessions{vswitch=\"blue\"} 1",
        "hpvmnet_port_ingress_frames_total{vswitch=\"blue\",port=\"1\"} 7",
        "hpvmnet_port_egress_bytes_total{vswitch=\"blue\",port=\"1\"} 12345678901234",
        "hpvmnet_port_ingress_frames_total{vswitch=\"blue\",port=\"uplink\"} 0",
        "hpvmnet_port_attached{vswitch=\"blue\",port=\"1\"} 1",
        "hpvmnet_port_attached{vswitch=\"blue\",port=\"uplink\"} 0",
        "hpvmnet_port_blocked{vswitch=\"blue\",port=\"uplink\"} 1",
        "hpvmnet_port_dropped_frames_total{vswitch=\"blue\",port=\"1\",reason=\"no_buffer\"} 3",
        "hpvmnet_vnic_info{guest=\"web\",vswitch=\"blue\",port=\"1\",adaptor=\"avio_lan\","
        "mac=\"02-00-00-00-00-01\"} 1",
        "hpvmnet_worker_busy_seconds_total{worker=\"0\"} 1.5",
        "hpvmnet_build_info{version=\"" HPVMNET_VERSION "\"} 1"}) {
    EXPECT_THAT(lines, testing::Contains(line));
  }
}

TEST(Metrics, ReasonsThatHaveNotOccurredAreLeftOut) {
  EXPECT_THAT(metrics_text(example()), Not(HasSubstr("reason=\"runt\"")));
}

TEST(Metrics, WhatOnlyGrowsIsACounterAndIsCalledSo) {
  for (const std::string& line : lines_of(metrics_text(example()))) {
    if (!line.starts_with("# TYPE ")) continue;
    EXPECT_EQ(line.find("_total ") != std::string::npos, line.ends_with(" counter")) << line;
  }
}

TEST(Metrics, EachNameIsDescribedOnce) {
  std::multiset<std::string> names;
  for (const std::string& line : lines_of(metrics_text(example()))) {
    if (line.starts_with("# HELP ")) names.insert(line.substr(7, line.find(' ', 7) - 7));
  }
  EXPECT_FALSE(names.empty());
  for (const std::string& name : names) EXPECT_EQ(names.count(name), 1U) << name;
}

TEST(Metrics, AreSilentAboutWhatDoesNotExist) {
  const std::string text = metrics_text({});
  EXPECT_THAT(text, Not(HasSubstr("hpvmnet_port")));
  EXPECT_THAT(text, HasSubstr("hpvmnet_build_info"));
}

TEST(Metrics, TellOfThisProcess) {
  const std::string text = metrics_text({});
  for (const char* name : {"process_cpu_seconds_total ", "process_resident_memory_bytes ",
                           "process_virtual_memory_bytes ", "process_start_time_seconds ",
                           "process_open_fds ", "process_max_fds ", "process_threads 1\n"}) {
    EXPECT_THAT(text, HasSubstr(std::string("\n") + name));
  }
}

}  // namespace
}  // namespace hpvmnet
