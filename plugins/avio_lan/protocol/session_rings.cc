// The part of a session that deals with rings: their messages, and how they get to the workers.

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "avio_lan/event/event_descriptor.h"
#include "avio_lan/protocol/session.h"

namespace hpvmnet::avio_lan {
namespace {

tl::unexpected<Error> violation(std::string text) {
  return fail(ErrorCode::invalid_argument, std::move(text));
}

Status check_index(std::uint64_t index) {
  if (index < kRingCount) return {};
  return violation(fmt::format("there is no ring {}: rings are 0 to {}", index, kRingCount - 1));
}

tl::unexpected<Error> about_ring(std::uint64_t index, const Error& error) {
  return violation(fmt::format("{}: {}", ring_name(static_cast<std::uint32_t>(index)), error.text));
}

}  // namespace

Session::Outcome Session::set_vring_num(Message& message) {
  const auto wanted = message.get<VringState>();
  return done(
      change_ring(wanted.index, [&](RingState& ring) { return ring.set_size(wanted.value); }));
}

Session::Outcome Session::set_vring_base(Message& message) {
  const auto wanted = message.get<VringState>();
  return done(change_ring(wanted.index,
                          [&](RingState& ring) { return ring.set_base(wanted.value, features_); }));
}

Session::Outcome Session::set_vring_addr(Message& message) {
  const auto wanted = message.get<VringAddresses>();
  return done(change_ring(wanted.index, [&](RingState& ring) {
    return ring.set_addresses(wanted).and_then(
        [&]() -> Status { return ring.started() ? check_runnable(ring) : Status(); });
  }));
}

// The ring has completed what the driver had made available up to the index that we answer.
Session::Outcome Session::get_vring_base(Message& message) {
  const auto wanted = message.get<VringState>();
  VringState reached{wanted.index, 0};
  const Status stopped = change_ring(wanted.index, [&](RingState& ring) -> Status {
    ring.stop();
    reached.value = ring.base(features_);
    return {};
  });
  if (!stopped) return tl::unexpected(stopped.error());
  return value(std::bit_cast<std::uint64_t>(reached));
}

// This starts the ring, not the first kick.
Session::Outcome Session::set_vring_kick(Message& message) {
  Result<RingEvent> kick = take_ring_event(message);
  if (!kick) return tl::unexpected(kick.error());
  return done(change_ring(kick->index, [&](RingState& ring) {
    ring.start(std::move(kick->event));
    return check_runnable(ring);
  }));
}

// Hypervisors do this under traffic, when a guest moves or masks an interrupt; so the ring runs on.
Session::Outcome Session::set_vring_call(Message& message) {
  Result<RingEvent> call = take_ring_event(message);
  if (!call) return tl::unexpected(call.error());
  if (call->event) make_non_blocking(call->event);
  RingState& ring = ring_states_[call->index];
  const Fd former = ring.exchange_call(std::move(call->event));
  if (rings_.running(call->index)) rings_.change_call(call->index, ring.call());
  return done({});
}

Session::Outcome Session::set_vring_err(Message& message) {
  Result<RingEvent> error = take_ring_event(message);
  if (!error) return tl::unexpected(error.error());
  ring_states_[error->index].set_error(std::move(error->event));
  return done({});
}

// Front ends enable rings before they negotiate features, after it, or both.
Session::Outcome Session::set_vring_enable(Message& message) {
  const auto wanted = message.get<VringState>();
  return done(change_ring(wanted.index, [&](RingState& ring) -> Status {
    if (wanted.value > 1) return violation(fmt::format("{} is neither on nor off", wanted.value));
    ring.set_enabled(wanted.value == 1);
    return {};
  }));
}

void Session::report_broken_rings() {
  for (std::uint32_t index = 0; index < kRingCount; ++index) {
    RingState& ring = ring_states_[index];
    if (!rings_.running(index) || !rings_.broken(index) || ring.broken()) continue;
    ring.mark_broken();
    log_.warning(
        "the guest has broken the rules of virtio on its {}, which is at rest until its "
        "driver starts it anew",
        ring_name(index));
    if (ring.error() >= 0) rings_.signal(ring.error());
  }
}

// A ring that workers know is taken from them first: they use its memory and its descriptors. After
// an error all rings stay suspended, for the session to end.
Status Session::change_ring(std::uint64_t index, const RingChange& change) {
  if (const Status known = check_index(index); !known) return known;
  RingState& ring = ring_states_[index];
  const bool was_started = ring.started();
  if (was_started) suspend_rings();
  if (const Status changed = change(ring); !changed) return about_ring(index, changed.error());
  if (was_started || ring.started()) run_rings();
  return {};
}

// From messages with a ring's file descriptor, or that say that there is none.
Result<Session::RingEvent> Session::take_ring_event(Message& message) {
  const auto value = message.get<std::uint64_t>();
  const bool without = (value & VringDescriptor::kNone) != 0;
  const std::uint64_t unknown = value & ~(VringDescriptor::kIndexMask | VringDescriptor::kNone);
  if (unknown != 0 || without != message.descriptors.empty()) {
    return violation(
        fmt::format("{:#x} came with {} file descriptors", value, message.descriptors.size()));
  }
  const std::uint64_t index = value & VringDescriptor::kIndexMask;
  if (const Status known = check_index(index); !known) return tl::unexpected(known.error());
  Fd event = message.take_descriptor();
  if (event) {
    if (const Status good = check_eventfd(event); !good) return about_ring(index, good.error());
  }
  return RingEvent{static_cast<std::uint32_t>(index), std::move(event)};
}

// Of features or memory. Rings hold the memory that they run on until they are suspended.
void Session::change_rings(const Change& change) {
  const bool started = std::ranges::any_of(ring_states_, &RingState::started);
  if (started) suspend_rings();
  if (change) change();
  if (started) run_rings();
}

void Session::suspend_rings() {
  rings_.halt();
  report_broken_rings();
  for (std::uint32_t index = 0; index < kRingCount; ++index) {
    if (rings_.running(index)) ring_states_[index].suspend(rings_.stop(index));
  }
}

void Session::run_rings() {
  suspend_rings();
  for (std::uint32_t index = 0; index < kRingCount; ++index) run_ring(index);
  rings_.resume();
}

// Rings whose memory is missing rest until it is there again: front ends exchange memory region by
// region, under running rings.
void Session::run_ring(std::uint32_t index) {
  RingState& ring = ring_states_[index];
  if (!ring.started() || ring.broken()) return;
  const Result<RingSetup> setup = ring.setup(memory_.memory(), features_);
  if (setup) rings_.start(index, *setup, ring.kick());
  if (ring.note_missing(!setup) && !setup) {
    log_.info("the guest's {} is at rest: {}", ring_name(index), setup.error().text);
  }
}

Status Session::check_runnable(const RingState& ring) const {
  const Result<RingSetup> setup = ring.setup(memory_.memory(), features_);
  return setup ? Status() : tl::unexpected(setup.error());
}

}  // namespace hpvmnet::avio_lan
