#include "cli/mirror_words.h"

#include <fmt/format.h>

#include "cli/vswitch_words.h"

namespace hpvmnet::cli {

std::string mirror_sources_text(const v1::Mirror& mirror) {
  std::string text;
  for (const std::uint32_t source : mirror.sources()) {
    if (!text.empty()) text += ',';
    text += port_number_text(source);
  }
  return text.empty() ? "all" : text;
}

std::string mirror_direction_text(const v1::Mirror& mirror) {
  if (mirror.ingress() && mirror.egress()) return "both";
  return mirror.ingress() ? "ingress" : "egress";
}

std::string mirror_text(const v1::Mirror& mirror) {
  return fmt::format("port {} gets copies of {} ({}){}{}", mirror.port(),
                     mirror_sources_text(mirror), mirror_direction_text(mirror),
                     mirror.filter().empty() ? "" : ", only: ", mirror.filter());
}

}  // namespace hpvmnet::cli
