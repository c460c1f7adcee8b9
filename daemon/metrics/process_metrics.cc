#include "metrics/process_metrics.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

#include "metrics/family.h"

namespace hpvmnet {
namespace {

// What /proc/self/stat says, by the number of the field (see proc(5)).
class Stat {
 public:
  Stat() {
    std::ifstream file("/proc/self/stat");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const std::size_t name_end = text.rfind(')');  // the second field may have spaces
    if (name_end == std::string::npos) return;
    std::istringstream rest(text.substr(name_end + 1));
    for (std::string field; rest >> field;) fields_.push_back(field);
  }

  std::optional<double> operator[](std::size_t number) const {
    constexpr std::size_t kFirst = 3;  // after the name
    if (number - kFirst >= fields_.size()) return std::nullopt;
    return std::stod(fields_[number - kFirst]);
  }

 private:
  std::vector<std::string> fields_;
};

std::optional<double> boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    if (double seconds = 0; word == "btime" && file >> seconds) return seconds;
  }
  return std::nullopt;
}

std::optional<double> open_descriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator all("/proc/self/fd", error);
  if (error) return std::nullopt;
  return static_cast<double>(std::distance(begin(all), end(all))) - 1;  // the one that reads it
}

std::optional<double> most_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
  const Stat stat;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::vector<prometheus::MetricFamily> families;
  const auto add = [&](const char* name, const char* help, std::optional<double> value) {
    if (!value) return;
    Family family(name, help);
    family.add({}, *value);
    families.push_back(std::move(family).take());
  };
  const auto user = stat[14], system = stat[15], start = stat[22], pages = stat[24];
  const auto boot = boot_time();
  if (user && system) {
    add("process_cpu_seconds_total", "Processor time spent.", (*user + *system) / ticks);
  }
  if (start && boot) {
    add("process_start_time_seconds", "Start, in seconds since 1970.", *boot + *start / ticks);
  }
  if (pages) {
    add("process_resident_memory_bytes", "Memory in use, guests' shared memory included.",
        *pages * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  }
  add("process_virtual_memory_bytes", "Address space in use.", stat[23]);
  add("process_threads", "Threads.", stat[20]);
  add("process_open_fds", "Open file descriptors.", open_descriptors());
  add("process_max_fds", "The most file descriptors that can be open.", most_descriptors());
  return families;
}

}  // namespace hpvmnet
