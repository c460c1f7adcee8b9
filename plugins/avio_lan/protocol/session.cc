#include "avio_lan/protocol/session.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "avio_lan/protocol/features.h"

namespace hpvmnet::avio_lan {
namespace {

constexpr unsigned kMessagesAtOnce = 32;
constexpr std::uint64_t kSmallestMtu = 68;  // of IPv4; virtio 1.2, clause 5.1.4.1
constexpr std::uint64_t kLargestMtu = 65535;

tl::unexpected<Error> violation(std::string text) {
  return fail(ErrorCode::invalid_argument, std::move(text));
}

}  // namespace

/// Who serves a request, and the protocol features without which it must not be sent.
struct Session::Handler {
  Request request;
  std::uint64_t needs;
  Outcome (Session::*serve)(Message&);
};

const Session::Handler Session::kHandlers[] = {
    {Request::get_features, 0, &Session::get_features},
    {Request::set_features, 0, &Session::set_features},
    {Request::set_owner, 0, &Session::set_owner},
    {Request::reset_owner, 0, &Session::reset_owner},
    {Request::set_mem_table, 0, &Session::set_mem_table},
    {Request::set_vring_num, 0, &Session::set_vring_num},
    {Request::set_vring_addr, 0, &Session::set_vring_addr},
    {Request::set_vring_base, 0, &Session::set_vring_base},
    {Request::get_vring_base, 0, &Session::get_vring_base},
    {Request::set_vring_kick, 0, &Session::set_vring_kick},
    {Request::set_vring_call, 0, &Session::set_vring_call},
    {Request::set_vring_err, 0, &Session::set_vring_err},
    {Request::get_protocol_features, 0, &Session::get_protocol_features},
    {Request::set_protocol_features, 0, &Session::set_protocol_features},
    {Request::get_queue_num, protocol_feature::mq, &Session::get_queue_num},
    {Request::set_vring_enable, 0, &Session::set_vring_enable},
    {Request::net_set_mtu, protocol_feature::net_mtu, &Session::net_set_mtu},
    {Request::reset_device, protocol_feature::reset_device, &Session::reset_device},
    {Request::get_max_mem_slots, protocol_feature::mem_slots, &Session::get_max_mem_slots},
    {Request::add_mem_reg, protocol_feature::mem_slots, &Session::add_mem_reg},
    {Request::rem_mem_reg, protocol_feature::mem_slots, &Session::rem_mem_reg},
    {Request::set_status, protocol_feature::status, &Session::set_status},
    {Request::get_status, protocol_feature::status, &Session::get_status},
};

Session::Session(Fd socket, std::uint64_t offered, Rings& rings, int loss_event, Log& log)
    : connection_(std::move(socket)),
      rings_(rings),
      log_(log),
      offered_(offered),
      memory_(loss_event) {}

Session::~Session() { suspend_rings(); }

Result<Session::State> Session::serve() {
  for (unsigned count = 0; count < kMessagesAtOnce; ++count) {
    Message message;
    const Result<Connection::Arrival> arrival = connection_.receive(message);
    if (!arrival) return tl::unexpected(arrival.error());
    if (*arrival == Connection::Arrival::nothing) return State::alive;
    if (*arrival == Connection::Arrival::finished) return State::finished;
    if (const Status handled = handle(message); !handled) return tl::unexpected(handled.error());
  }
  return State::alive;
}

// A front end in error is told so where it waits for an acknowledgement, before it is left.
Status Session::handle(Message& message) {
  log_.debug("{} arrived", name_of(message.request));
  const Handler& handler = find_handler(message.request);
  Outcome outcome = (protocol_features_ & handler.needs) == handler.needs
                        ? (this->*handler.serve)(message)
                        : violation("it was not negotiated");
  if (outcome) return answer(message, *outcome);
  const Status told = answer(message, {Answer::Kind::refused});
  return violation(fmt::format("{}: {}", name_of(message.request), outcome.error().text));
}

Status Session::answer(const Message& message, const Answer& answer) {
  if (answer.kind == Answer::Kind::value) return connection_.reply(message.request, answer.value);
  const bool acknowledge =
      message.needs_reply && (protocol_features_ & protocol_feature::reply_ack) != 0;
  if (!acknowledge) return {};
  return connection_.reply(message.request, answer.kind == Answer::Kind::refused ? 1 : 0);
}

// The table has each request that can arrive.
const Session::Handler& Session::find_handler(Request request) {
  return *std::ranges::find(kHandlers, request, &Handler::request);
}

Session::Outcome Session::done(const Status& status) {
  return status.map([] { return Answer{}; });
}

OffloadSet Session::offloads() const noexcept { return offloads_taken(features_); }

Session::Outcome Session::get_features(Message&) { return value(offered_); }

// Without the protocol's own feature there are no messages that enable rings: they all are.
Session::Outcome Session::set_features(Message& message) {
  const auto bits = message.get<std::uint64_t>();
  if ((bits & ~offered_) != 0) {
    return violation(fmt::format("bits {:#x} were not offered", bits & ~offered_));
  }
  change_rings([&] {
    features_ = bits;
    if ((bits & feature::protocol_features) != 0) return;
    for (RingState& state : ring_states_) state.set_enabled(true);
  });
  return Answer{};
}

Session::Outcome Session::get_protocol_features(Message&) {
  return value(protocol_feature::offered);
}

Session::Outcome Session::set_protocol_features(Message& message) {
  const auto bits = message.get<std::uint64_t>();
  if ((bits & ~protocol_feature::offered) != 0) {
    return violation(fmt::format("bits {:#x} were not offered", bits & ~protocol_feature::offered));
  }
  protocol_features_ = bits;
  return Answer{};
}

// Whoever is connected is the owner.
Session::Outcome Session::set_owner(Message&) { return Answer{}; }

// Deprecated. Recommended is to disable all rings, or nothing.
Session::Outcome Session::reset_owner(Message&) {
  change_rings([&] {
    for (RingState& state : ring_states_) state.set_enabled(false);
  });
  return Answer{};
}

Session::Outcome Session::get_queue_num(Message&) { return value(kQueuePairs); }

// A vswitch carries frames of any length that Ethernet has: a matter of the guests alone.
Session::Outcome Session::net_set_mtu(Message& message) {
  const auto mtu = message.get<std::uint64_t>();
  const bool good = mtu >= kSmallestMtu && mtu <= kLargestMtu;
  return Answer{good ? Answer::Kind::done : Answer::Kind::refused};
}

Session::Outcome Session::get_status(Message&) { return value(status_); }

// Status 0 resets the device: after that it must not touch the rings (virtio 1.2, clause 2.4).
Session::Outcome Session::set_status(Message& message) {
  const auto status = message.get<std::uint64_t>();
  if (status > 0xff) return violation(fmt::format("a status has 8 bits, {:#x} has more", status));
  status_ = status;
  if (status != 0) return Answer{};
  change_rings([&] {
    for (RingState& state : ring_states_) state.stop();
  });
  return Answer{};
}

// The conversation goes on, with the guest's memory as it is.
Session::Outcome Session::reset_device(Message&) {
  change_rings([&] {
    for (RingState& state : ring_states_) state.reset();
    features_ = 0;
    status_ = 0;
  });
  return Answer{};
}

Session::Outcome Session::get_max_mem_slots(Message&) { return value(MemoryTable::kMaxRegions); }

Session::Outcome Session::set_mem_table(Message& message) {
  return done(memory_.replace(message).map([&] { change_rings({}); }));
}

Session::Outcome Session::add_mem_reg(Message& message) {
  return done(memory_.add(message).map([&] { change_rings({}); }));
}

Session::Outcome Session::rem_mem_reg(Message& message) {
  return done(memory_.remove(message).map([&] { change_rings({}); }));
}

}  // namespace hpvmnet::avio_lan
