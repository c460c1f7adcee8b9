#include "cli/mirror_spec.h"

#include <fmt/format.h>

#include "cli/fields.h"
#include "cli/frame_filter.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

Status read_source(const Field& field, const std::string& whole, v1::Mirror& mirror) {
  const auto number = parse_number(field.text);
  if (field.text == "uplink") {
    mirror.add_sources(kPortsPerVswitch);
  } else if (number && *number < kPortsPerVswitch) {
    mirror.add_sources(*number);
  } else {
    return wrong_at(
        whole, field.column,
        fmt::format("{} is no port; 0 to {}, or uplink", shown(field.text), kPortsPerVswitch - 1));
  }
  return {};
}

Status read_sources(const std::string& text, const std::string& whole, v1::Mirror& mirror) {
  Fields fields({text, 1}, ',');
  do {
    if (auto status = read_source(fields.take(), whole, mirror); !status) return status;
  } while (fields.more());
  return {};
}

}  // namespace

Result<v1::Mirror> read_mirror(const MirrorSpec& spec, const std::string& whole) {
  v1::Mirror mirror;
  mirror.set_port(spec.port);
  if (!spec.sources.empty() && spec.sources != "all") {
    if (auto status = read_sources(spec.sources, whole, mirror); !status) {
      return tl::unexpected(status.error());
    }
  }
  const bool choose = !spec.ingress && !spec.egress;
  mirror.set_ingress(choose || spec.ingress);
  mirror.set_egress(spec.egress || (choose && mirror.sources_size() > 0));
  mirror.set_filter(spec.filter);
  return compile_filter(spec.filter).map([&](FilterProgram program) {
    *mirror.mutable_program() = std::move(program);
    return mirror;
  });
}

}  // namespace hpvmnet::cli
