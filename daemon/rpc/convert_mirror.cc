#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "rpc/convert.h"

namespace hpvmnet {
namespace {

// Whether there is such a port is judged later; here, whether it is a number of one.
Result<PortNumber> read_port(std::uint32_t number) {
  if (number <= kUplinkPort) return static_cast<PortNumber>(number);
  return fail(ErrorCode::invalid_argument, fmt::format("{} is no port number", number));
}

}  // namespace

Result<MirrorSettings> from_proto(const v1::Mirror& mirror) {
  MirrorSettings settings;
  const auto port = read_port(mirror.port());
  if (!port) return tl::unexpected(port.error());
  settings.port = *port;
  for (const std::uint32_t number : mirror.sources()) {
    const auto source = read_port(number);
    if (!source) return tl::unexpected(source.error());
    settings.sources.insert(*source);
  }
  settings.ingress = mirror.ingress();
  settings.egress = mirror.egress();
  auto program = from_proto(mirror.program());
  if (!program) return tl::unexpected(program.error());
  settings.filter = {.text = mirror.filter(), .instructions = *std::move(program)};
  return settings;
}

Result<std::vector<FilterInstruction>> from_proto(
    const google::protobuf::RepeatedPtrField<v1::BpfInstruction>& program) {
  std::vector<FilterInstruction> instructions;
  for (const v1::BpfInstruction& one : program) {
    if (one.code() > std::numeric_limits<std::uint16_t>::max() ||
        std::max(one.if_true(), one.if_false()) > std::numeric_limits<std::uint8_t>::max()) {
      return fail(ErrorCode::invalid_argument,
                  "the filter is no program for the classic BPF machine");
    }
    instructions.push_back({static_cast<std::uint16_t>(one.code()),
                            static_cast<std::uint8_t>(one.if_true()),
                            static_cast<std::uint8_t>(one.if_false()), one.operand()});
  }
  return instructions;
}

Result<MirrorArguments> from_proto(const v1::SetVswitchMirrorRequest& request) {
  auto vswitch = from_proto(request.vswitch());
  if (!vswitch) return tl::unexpected(vswitch.error());
  if (!request.has_mirror()) return MirrorArguments{*std::move(vswitch), {}};
  return from_proto(request.mirror()).map([&](MirrorSettings mirror) {
    return MirrorArguments{*std::move(vswitch), std::move(mirror)};
  });
}

void to_proto(const MirrorSettings& from, v1::Mirror& to) {
  to.set_port(from.port);
  for (const PortNumber source : from.sources) to.add_sources(source);
  to.set_ingress(from.ingress);
  to.set_egress(from.egress);
  to.set_filter(from.filter.text);
  for (const auto& [code, if_true, if_false, operand] : from.filter.instructions) {
    v1::BpfInstruction& added = *to.add_program();
    added.set_code(code);
    added.set_if_true(if_true);
    added.set_if_false(if_false);
    added.set_operand(operand);
  }
}

}  // namespace hpvmnet
