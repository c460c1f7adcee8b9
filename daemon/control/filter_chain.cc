#include "control/filter_chain.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hpvmnet {
namespace {

// In place of a filter that cannot be made: a rule that cannot be judged must not be broken.
class RefusingFilter final : public Filter {
 public:
  FrameMask judge(const Burst& /*burst*/, FrameMask frames, unsigned /*port*/) noexcept override {
    return frames;
  }
};

// Lines about a filter of a vswitch.
class FilterLog final : public Log {
 public:
  FilterLog(Log& to, const std::string& vswitch, std::string filter)
      : to_(to), vswitch_{.vswitch = vswitch}, filter_(std::move(filter)) {}

  void write(LogLevel level, std::string_view line) override {
    to_.write_about(vswitch_, level, fmt::format("filter {}: {}", filter_, line));
  }

 private:
  Log& to_;
  const LogSubject vswitch_;
  const std::string filter_;
};

Result<std::unique_ptr<Filter>> make(const FilterSpec& spec, FilterFactory* factory, Log& log) {
  if (factory == nullptr) {
    return fail(ErrorCode::failed_precondition,
                "no plugin provides it; 'hpvmnet plugin list' shows what plugins provide");
  }
  auto made = factory->make(spec, log);
  if (made && *made == nullptr) return fail(ErrorCode::internal, "its plugin made none");
  return made;
}

}  // namespace

// The filter ends before its log.
struct FilterChain::Instance {
  FilterLog log;
  std::unique_ptr<Filter> filter{};
};

FilterChain::FilterChain(const std::string& vswitch, const std::vector<FilterSettings>& settings,
                         const FilterChain& before, const Find& find, Log& log) {
  for (const FilterSettings& each : settings) {
    Link& link = links_.emplace_back(Link{each, {}});
    if (auto usable = before.find_usable(each)) {
      instances_.push_back(std::move(usable));
      continue;
    }
    auto instance = std::make_shared<Instance>(Instance{FilterLog(log, vswitch, each.name)});
    auto made = make({vswitch, each.arguments}, find(each.name), instance->log);
    if (made) {
      instance->filter = *std::move(made);
    } else {
      link.remark = made.error().text;
      instance->filter = std::make_unique<RefusingFilter>();
    }
    instances_.push_back(std::move(instance));
  }
}

std::shared_ptr<FilterChain::Instance> FilterChain::find_usable(
    const FilterSettings& settings) const {
  const auto found = std::ranges::find_if(
      links_, [&](const Link& link) { return link.remark.empty() && link.settings == settings; });
  if (found == links_.end()) return nullptr;
  return instances_[static_cast<std::size_t>(found - links_.begin())];
}

Status FilterChain::check(const std::string& vswitch) const {
  for (const Link& link : links_) {
    if (link.remark.empty()) continue;
    return fail(ErrorCode::failed_precondition,
                fmt::format("filter '{}' cannot be used on vswitch '{}': {}", link.settings.name,
                            vswitch, link.remark));
  }
  return {};
}

std::vector<Filter*> FilterChain::filters() const {
  std::vector<Filter*> all;
  for (const auto& instance : instances_) all.push_back(instance->filter.get());
  return all;
}

}  // namespace hpvmnet
