#include "process/service_manager.h"

#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace hpvmnet {
namespace {

// A failure is nobody's concern but the service manager's, which will say what it has missed.
void tell(const std::string& state) { ::sd_notify(/*unset_environment=*/0, state.c_str()); }

}  // namespace

void ServiceManager::ready(std::string_view status) {
  tell(fmt::format("READY=1\nSTATUS={}", status));
}

void ServiceManager::stopping() { tell("STOPPING=1\nSTATUS=stopping"); }

void ServiceManager::describe(std::string_view status) { tell(fmt::format("STATUS={}", status)); }

std::optional<std::chrono::microseconds> ServiceManager::patience() {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(/*unset_environment=*/0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds(microseconds);
}

void ServiceManager::alive() { tell("WATCHDOG=1"); }

}  // namespace hpvmnet
