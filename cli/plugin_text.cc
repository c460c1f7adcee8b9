#include "cli/plugin_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/table.h"

namespace hpvmnet::cli {
namespace {

bool loaded(const v1::Plugin& plugin) { return plugin.state() == v1::Plugin::STATE_LOADED; }

std::string or_dash(std::string text) { return text.empty() ? "-" : std::move(text); }

std::string api_text(const v1::Plugin& plugin) {
  return plugin.api_version() == 0 ? "-" : std::to_string(plugin.api_version());
}

}  // namespace

std::string plugins_text(const v1::ListPluginsResponse& plugins) {
  Table table({{"Name", 12},
               {"Version", 8},
               {"API", 3, Table::Align::right},
               {"State", 8},
               {"Adaptors", 10},
               {"Filters", 10},
               {"File", 8}});
  std::string refusals;
  for (const v1::Plugin& plugin : plugins.plugins()) {
    table.add({or_dash(plugin.name()), or_dash(plugin.version()), api_text(plugin),
               loaded(plugin) ? "Loaded" : "Refused",
               or_dash(fmt::format("{}", fmt::join(plugin.adaptors(), ","))),
               or_dash(fmt::format("{}", fmt::join(plugin.filters(), ","))), plugin.file()});
    if (!loaded(plugin)) refusals += fmt::format("{}: {}\n", plugin.file(), plugin.refusal());
  }
  if (!refusals.empty()) refusals = "\n[Refused]\n" + refusals;
  return table.text() + refusals;
}

}  // namespace hpvmnet::cli
