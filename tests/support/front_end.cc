#include "support/front_end.h"

#include <stdexcept>

#include <fmt/format.h>

namespace hpvmnet::test {
namespace {

constexpr std::size_t kLongestReply = 1 << 16;  // more than any back end has to say

[[noreturn]] void no_answer(std::uint32_t request) {
  throw std::runtime_error(fmt::format("vhost-user request {}: no answer", request));
}

}  // namespace

Bytes FrontEnd::encode(const Message& any) {
  Bytes bytes;
  append(bytes, bytes_of(any.header));
  append(bytes, any.payload);
  return bytes;
}

std::optional<Message> FrontEnd::read_message(Milliseconds limit) {
  using Outcome = PeerSocket::Outcome;
  Bytes header;
  if (socket_.read_exactly(sizeof(MessageHeader), limit, header) != Outcome::complete) {
    return std::nullopt;
  }
  Message answer{value_from<MessageHeader>(header), {}, {}};
  if (answer.header.size > kLongestReply) {
    throw std::runtime_error(fmt::format("a reply of {} bytes", answer.header.size));
  }
  if (socket_.read_exactly(answer.header.size, limit, answer.payload) != Outcome::complete) {
    return std::nullopt;
  }
  return answer;
}

std::optional<std::uint64_t> FrontEnd::acknowledged(Message request) {
  request.header.flags |= kNeedReply;
  if (!send(request)) return std::nullopt;
  const auto answer = read_message(options_.patience);
  if (!answer) return std::nullopt;
  if (answer->header.request != request.header.request ||
      answer->header.flags != (kVersion | kReply) ||
      answer->payload.size() != sizeof(std::uint64_t)) {
    throw std::runtime_error(fmt::format(
        "request {}: answered by request {}, flags {:#x}, {} bytes", request.header.request,
        answer->header.request, answer->header.flags, answer->payload.size()));
  }
  return value_from<std::uint64_t>(answer->payload);
}

Bytes FrontEnd::ask_for_bytes(const Message& request) {
  if (!send(request)) no_answer(request.header.request);
  const auto answer = read_message(options_.patience);
  if (!answer) no_answer(request.header.request);
  if (answer->header.request != request.header.request ||
      answer->header.flags != (kVersion | kReply)) {
    throw std::runtime_error(fmt::format("request {}: answered by request {}, flags {:#x}",
                                         request.header.request, answer->header.request,
                                         answer->header.flags));
  }
  return answer->payload;
}

void FrontEnd::tell(const Message& request) {
  if ((protocol_features_ & protocol_feature::reply_ack) == 0) {
    if (!send(request)) no_answer(request.header.request);
    return;
  }
  const auto status = acknowledged(request);
  if (!status) no_answer(request.header.request);
  if (*status != 0) {
    throw std::runtime_error(
        fmt::format("vhost-user request {}: refused ({})", request.header.request, *status));
  }
}

void FrontEnd::negotiate() {
  offered_ = ask(Request::get_features);
  features_ = offered_ & options_.features;
  if (has(feature::protocol_features)) {
    const std::uint64_t taken = ask(Request::get_protocol_features) & options_.protocol_features;
    tell(message(Request::set_protocol_features, taken));
    protocol_features_ = taken;
  }
  tell(message(Request::set_owner));
  tell(message(Request::set_features, features_));
}

void FrontEnd::share(const GuestRam& ram) {
  if (options_.memory_by_slots) {
    for (const GuestRam::Region& region : ram.regions()) add_region(region);
    return;
  }
  Bytes table;
  std::vector<int> descriptors;
  const std::uint32_t head[2] = {static_cast<std::uint32_t>(ram.regions().size()), 0};
  append(table, bytes_of(head));
  for (const GuestRam::Region& region : ram.regions()) {
    append(table, bytes_of(describe(region)));
    descriptors.push_back(region.descriptor.get());
  }
  tell(message(Request::set_mem_table, table, descriptors));
}

void FrontEnd::add_region(const GuestRam::Region& region) {
  tell(message(Request::add_mem_reg, SlotDescription{0, describe(region)},
               {region.descriptor.get()}));
}

void FrontEnd::remove_region(const GuestRam::Region& region) {
  tell(message(Request::rem_mem_reg, SlotDescription{0, describe(region)}));
}

void FrontEnd::describe_queue(std::uint32_t queue, const GuestRam& ram, const DriverRing& ring,
                              std::uint32_t base) {
  tell(message(Request::set_vring_num, VringState{queue, ring.size()}));
  tell(message(Request::set_vring_base, VringState{queue, base}));
  tell(message(Request::set_vring_addr,
               VringAddress{queue, 0, ram.user(ring.descriptors_at()), ram.user(ring.used_at()),
                            ram.user(ring.available_at()), 0}));
}

void FrontEnd::start_queue(std::uint32_t queue, const GuestRam& ram, const DriverRing& ring,
                           std::optional<std::uint32_t> base) {
  // QEMU's order: a frame that waits in the ring must not be dropped because of a ring that is
  // started and not yet enabled.
  if (has(feature::protocol_features)) enable_queue(queue, true);
  describe_queue(queue, ram, ring, base.value_or(ring.first_base()));
  set_kick(queue, ring.kick_descriptor());
  set_call(queue, ring.call_descriptor());
}

void FrontEnd::set_call(std::uint32_t queue, int descriptor) {
  tell(message(Request::set_vring_call, std::uint64_t{queue}, {descriptor}));
}

void FrontEnd::set_kick(std::uint32_t queue, int descriptor) {
  tell(message(Request::set_vring_kick, std::uint64_t{queue}, {descriptor}));
}

void FrontEnd::enable_queue(std::uint32_t queue, bool enabled) {
  tell(message(Request::set_vring_enable, VringState{queue, enabled ? 1U : 0U}));
}

std::uint32_t FrontEnd::stop_queue(std::uint32_t queue) {
  const auto state = ask<VringState>(message(Request::get_vring_base, VringState{queue, 0}));
  return state.value;
}

}  // namespace hpvmnet::test
