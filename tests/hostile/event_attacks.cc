// Attacks by the eventfds that both sides share.

#include <limits>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "hostile/arena.h"
#include "support/frame_builder.h"

namespace hpvmnet::test {
namespace {

constexpr MacAddress kAttacker = test_mac(669);

void fill(int event) {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() - 1;
  [[maybe_unused]] const ssize_t written = ::write(event, &most, sizeof most);
}

void set_blocking(int event, bool blocking) {
  const int flags = ::fcntl(event, F_GETFL);
  ::fcntl(event, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

// What a worker must never wait for: a call descriptor that is full and blocks, since this process,
// too, can say so at any moment.
void blocking_call(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  DriverRing& ring = arena.chance(50) ? guest.driver().ingress() : guest.driver().egress();
  fill(ring.call_descriptor());
  set_blocking(ring.call_descriptor(), true);
  ring.request_interrupts();
  for (unsigned i = 0; i < 20; ++i) {
    guest.send(numbered_frame(kBroadcast, kAttacker, i));
    arena.breathe();
  }
  set_blocking(ring.call_descriptor(), false);
}

void full_call(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  for (DriverRing* ring : {&guest.driver().ingress(), &guest.driver().egress()}) {
    fill(ring->call_descriptor());
    ring->request_interrupts();
  }
  for (unsigned i = 0; i < 20; ++i) guest.send(numbered_frame(kBroadcast, kAttacker, i));
  arena.breathe();
}

void odd_events(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  for (unsigned i = 0; i < 5; ++i) {
    const Request request =
        arena.pick({Request::set_vring_kick, Request::set_vring_call, Request::set_vring_err});
    guest.front_end().tell(message(request, arena.below(2), {arena.odd_descriptor()}));
    guest.send(numbered_frame(kBroadcast, kAttacker, i));
    arena.breathe();
  }
}

// Kicks without end, and nothing behind them.
void kick_flood(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  for (unsigned i = 0; i < 20'000; ++i) {
    guest.driver().ingress().kick();
    if (i % 1000 == 0) fill(guest.driver().ingress().kick_descriptor());
  }
}

// One eventfd for everything: the switch's calls are its kicks.
void one_event_for_all(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  const int event = guest.driver().ingress().kick_descriptor();
  for (const std::uint32_t queue : {0U, 1U}) {
    guest.front_end().set_call(queue, event);
    guest.front_end().set_kick(queue, event);
  }
  for (unsigned i = 0; i < 100; ++i) {
    guest.driver().ingress().request_interrupts();
    guest.send(numbered_frame(kBroadcast, kAttacker, i));
  }
  arena.breathe();
}

constexpr Attack kAttacks[] = {
    {"blocking_call", blocking_call},
    {"full_call", full_call},
    {"odd_events", odd_events},
    {"kick_flood", kick_flood},
    {"one_event_for_all", one_event_for_all},
};

}  // namespace

std::span<const Attack> event_attacks() { return kAttacks; }

}  // namespace hpvmnet::test
