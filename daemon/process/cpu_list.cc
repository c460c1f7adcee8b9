#include "process/cpu_list.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

namespace hpvmnet {
namespace {

struct Range {
  unsigned first = 0;
  unsigned last = 0;
};

std::optional<unsigned> parse_number(std::string_view digits) {
  unsigned value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = parse_number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_number(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return Range{*first, *last};
}

}  // namespace

CpuList usable_cpus() {
  CpuList cpus;
  // The kernel refuses a set that is smaller than its own.
  for (unsigned capacity = 1024; capacity <= 1U << 20; capacity *= 2) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(
        CPU_ALLOC(capacity), [](cpu_set_t* owned) { CPU_FREE(owned); });
    const std::size_t size = CPU_ALLOC_SIZE(capacity);
    if (::sched_getaffinity(0, size, set.get()) != 0) continue;
    for (unsigned cpu = 0; cpu < capacity; ++cpu) {
      if (CPU_ISSET_S(cpu, size, set.get())) cpus.push_back(cpu);
    }
    break;
  }
  return cpus;
}

Result<CpuList> parse_cpu_list(std::string_view text, const CpuList& usable) {
  CpuList cpus;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const auto range = parse_range(text.substr(begin, end - begin));
    if (!range) {
      return fail(ErrorCode::invalid_argument,
                  fmt::format("\"{}\" is not a list of CPUs such as 0,2-3", text));
    }
    // Ends at the first one that does not exist, so however wide the range is.
    for (unsigned cpu = range->first; cpu <= range->last; ++cpu) {
      if (!std::ranges::binary_search(usable, cpu)) {
        return fail(ErrorCode::invalid_argument,
                    fmt::format("CPU {} does not exist or is not open to this process, which may "
                                "use {}",
                                cpu, to_text(usable)));
      }
      cpus.push_back(cpu);
    }
    begin = end + 1;
  }
  std::ranges::sort(cpus);
  if (const auto twice = std::ranges::adjacent_find(cpus); twice != cpus.end()) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("CPU {} is named twice in {}", *twice, text));
  }
  return cpus;
}

std::string to_text(const CpuList& cpus) {
  std::string text;
  for (std::size_t i = 0; i < cpus.size();) {
    std::size_t end = i + 1;
    while (end < cpus.size() && cpus[end] == cpus[end - 1] + 1) ++end;
    if (!text.empty()) text += ',';
    text +=
        end - i == 1 ? fmt::format("{}", cpus[i]) : fmt::format("{}-{}", cpus[i], cpus[end - 1]);
    i = end;
  }
  return text;
}

}  // namespace hpvmnet
