#include "uplink/xdp_wire.h"

#include <cerrno>
#include <cstdint>

#include "host/own_queue.h"

namespace hpvmnet::uplink {
namespace {

constexpr unsigned kAddressesTypeAndTags = 14 + 2 * 4;
constexpr unsigned kMostQueues = 64;  // places in the program's map

}  // namespace

Result<std::unique_ptr<Wire>> XdpWire::open(const Interface& interface, Kind kind) {
  const unsigned longest = interface.mtu + kAddressesTypeAndTags;
  if (longest > XdpQueue::kLongestFrame) {
    return fail(ErrorCode::failed_precondition,
                "AF_XDP has no room for the frames of the interface's MTU");
  }
  if (interface.queues > kMostQueues) {
    return fail(ErrorCode::failed_precondition, "the interface has more than 64 queues");
  }
  std::unique_ptr<XdpWire> wire(new XdpWire(kind));
  auto program = XdpProgram::attach(interface.index, kind.where);
  if (!program) return tl::unexpected(program.error());
  wire->program_ = *std::move(program);
  for (std::uint32_t number = 0; number < interface.queues; ++number) {
    auto queue = XdpQueue::open(interface.name, number, kind.copies, longest);
    if (!queue) return tl::unexpected(queue.error());
    if (Status steered = wire->program_->steer(number, (*queue)->descriptor()); !steered) {
      return tl::unexpected(steered.error());
    }
    wire->wakes_.push_back((*queue)->wake_descriptor());
    wire->queues_.push_back(*std::move(queue));
  }
  return wire;
}

void XdpWire::send(std::span<const Frame* const> frames, Tally& tally) noexcept {
  queues_[host::own_queue(tally, queues_.size())]->send(frames, tally);
}

std::string XdpWire::mode() const {
  if (kind_.where == XdpProgram::Where::kernel) return "xdp-generic";
  return kind_.copies == XdpQueue::Copies::none ? "xdp, zero-copy" : "xdp, one copy";
}

}  // namespace hpvmnet::uplink
