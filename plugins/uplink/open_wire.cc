#include "uplink/open_wire.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "uplink/packet_wire.h"

namespace hpvmnet::uplink {
namespace {

constexpr std::array<std::string_view, 3> kModes{"", "auto", "packet"};

}  // namespace

Status check_mode(const std::string& mode) {
  if (std::ranges::find(kModes, mode) != kModes.end()) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("'{}' is no way to use an interface; there are auto and packet", mode));
}

Result<OpenWire> open_wire(const std::string& /*mode*/, const host::Link& link) {
  return PacketWire::open(link.index).map([](std::unique_ptr<Wire> wire) {
    return OpenWire{std::move(wire), {}};
  });
}

}  // namespace hpvmnet::uplink
