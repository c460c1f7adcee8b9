#include "metrics/metrics.h"

#include <array>
#include <iterator>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include "metrics/family.h"
#include "metrics/process_metrics.h"

namespace hpvmnet {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

std::string port_text(PortNumber number) {
  return number == kUplinkPort ? "uplink" : fmt::format("{}", number);
}

// One counter of a port, as it is called outside.
struct PortCounter {
  const char* name;
  const char* help;
  std::uint64_t PortCounters::*value;
};
constexpr std::array kPortCounters{
    PortCounter{"hpvmnet_port_ingress_frames_total",
                "Frames that came in by the port, dropped ones included.",
                &PortCounters::ingress_frames},
    PortCounter{"hpvmnet_port_ingress_bytes_total", "Their bytes, without frame check sequence.",
                &PortCounters::ingress_bytes},
    PortCounter{"hpvmnet_port_ingress_bursts_total", "Portions in which they came.",
                &PortCounters::ingress_bursts},
    PortCounter{"hpvmnet_port_egress_frames_total", "Frames that left by the port.",
                &PortCounters::egress_frames},
    PortCounter{"hpvmnet_port_egress_bytes_total", "Their bytes, without frame check sequence.",
                &PortCounters::egress_bytes},
    PortCounter{"hpvmnet_port_egress_bursts_total", "Portions in which they left.",
                &PortCounters::egress_bursts},
};

template <class Add>
void for_each_port(const Survey& survey, Add add) {
  for (const VswitchReading& vswitch : survey.vswitches) {
    for (const PortReading& port : vswitch.ports) {
      add(Labels{{"vswitch", vswitch.name}, {"port", port_text(port.number)}}, port);
    }
  }
}

void add_ports(const Survey& survey, Families& to) {
  for (const PortCounter& counter : kPortCounters) {
    Family family(counter.name, counter.help);
    for_each_port(survey, [&](Labels labels, const PortReading& port) {
      family.add(std::move(labels), static_cast<double>(port.counters.*counter.value));
    });
    to.push_back(std::move(family).take());
  }
  Family attached("hpvmnet_port_attached", "1: a guest, or the backing interface, is there.");
  Family blocked("hpvmnet_port_blocked", "1: no frames pass for a while, because of a loop.");
  for_each_port(survey, [&](const Labels& labels, const PortReading& port) {
    attached.add(labels, port.attached);
    blocked.add(labels, port.blocked);
  });
  to.push_back(std::move(attached).take());
  to.push_back(std::move(blocked).take());
}

// Only what has happened: reasons times ports would be many lines that say nothing.
void add_drops(const Survey& survey, Families& to) {
  Family drops("hpvmnet_port_dropped_frames_total",
               "Frames dropped, by reason; reasons that have not occurred on a port are left out.");
  for_each_port(survey, [&](const Labels& labels, const PortReading& port) {
    for (std::size_t i = 0; i < kDropReasonCount; ++i) {
      if (port.counters.drops[i] == 0) continue;
      Labels with_reason = labels;
      with_reason.push_back({"reason", std::string(kDropReasons[i].name)});
      drops.add(std::move(with_reason), static_cast<double>(port.counters.drops[i]));
    }
  });
  to.push_back(std::move(drops).take());
}

void add_vswitches(const Survey& survey, Families& to) {
  Family up("hpvmnet_vswitch_up", "1: the vswitch is booted, frames pass.");
  Family macs("hpvmnet_vswitch_mac_addresses", "Entries of its MAC table.");
  Family ports("hpvmnet_vswitch_open_ports", "Ports that are open, attached or not.");
  Family sessions("hpvmnet_vswitch_sessions", "Ports whose peer is there.");
  for (const VswitchReading& vswitch : survey.vswitches) {
    const Labels labels{{"vswitch", vswitch.name}};
    double attached = 0;
    for (const PortReading& port : vswitch.ports) attached += port.attached;
    up.add(labels, vswitch.up);
    macs.add(labels, static_cast<double>(vswitch.mac_addresses));
    ports.add(labels, static_cast<double>(vswitch.ports.size()));
    sessions.add(labels, attached);
  }
  for (Family* family : {&up, &macs, &ports, &sessions}) to.push_back(std::move(*family).take());
}

void add_vnics(const Survey& survey, Families& to) {
  Family info("hpvmnet_vnic_info", "Which guests reserve which port. Always 1.");
  for (const VnicReading& vnic : survey.vnics) {
    info.add({{"guest", vnic.guest},
              {"vswitch", vnic.vswitch},
              {"port", port_text(vnic.port)},
              {"adaptor", vnic.adaptor},
              {"mac", vnic.mac.dashed()}},
             1);
  }
  to.push_back(std::move(info).take());
}

void add_workers(const Survey& survey, Families& to) {
  constexpr double kNanosecond = 1e-9;
  Family busy("hpvmnet_worker_busy_seconds_total",
              "Time spent moving frames, rather than finding none or asleep.");
  for (std::size_t worker = 0; worker < survey.workers.size(); ++worker) {
    const auto nanoseconds = static_cast<double>(survey.workers[worker].busy_ns);
    busy.add({{"worker", fmt::format("{}", worker)}}, nanoseconds * kNanosecond);
  }
  to.push_back(std::move(busy).take());
}

}  // namespace

std::string metrics_text(const Survey& survey) {
  Families families;
  Family build("hpvmnet_build_info", "The running version. Always 1.");
  build.add({{"version", HPVMNET_VERSION}}, 1);
  families.push_back(std::move(build).take());
  add_vswitches(survey, families);
  add_ports(survey, families);
  add_drops(survey, families);
  add_vnics(survey, families);
  add_workers(survey, families);
  std::ranges::move(process_metrics(), std::back_inserter(families));
  std::erase_if(families, [](const auto& family) { return family.metric.empty(); });
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return std::move(text).str();
}

}  // namespace hpvmnet
