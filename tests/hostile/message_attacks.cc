// Attacks by what is said on the socket.

#include <algorithm>

#include "hostile/arena.h"
#include "support/frame_builder.h"
#include "support/split_driver_ring.h"

namespace hpvmnet::test {
namespace {

void garbage(Arena& arena) {
  FrontEnd front_end = arena.connect();
  front_end.socket().send(arena.bytes(1 + arena.below(4096)),
                          arena.odd_descriptors(arena.below(3)));
  arena.breathe();
}

Message random_message(Arena& arena) {
  Message any;
  any.header.request =
      static_cast<std::uint32_t>(arena.chance(90) ? arena.below(kLastRequest + 2) : arena.number());
  if (arena.chance(30)) any.header.flags |= kNeedReply;
  if (arena.chance(3)) any.header.flags = static_cast<std::uint32_t>(arena.number());
  const std::size_t size = arena.pick<std::size_t>({0, 0, 8, 8, 8, 40, 40, 72, arena.below(300)});
  while (any.payload.size() < size) append(any.payload, bytes_of(arena.number()));
  any.payload.resize(size);
  any.header.size = static_cast<std::uint32_t>(arena.chance(95) ? size : arena.number());
  if (arena.chance(30)) any.descriptors = arena.odd_descriptors(arena.below(4));
  if (arena.chance(2)) any.descriptors = arena.odd_descriptors(253);
  return any;
}

void random_messages(Arena& arena) {
  FrontEnd front_end = arena.connect();
  if (arena.chance(50)) front_end.negotiate();
  for (unsigned i = 0; i < 20; ++i) {
    if (!front_end.send(random_message(arena))) return;
  }
  arena.breathe();
}

// All messages of an attachment, each with its meaning, in an order that no front end has.
void shuffled_attachment(Arena& arena) {
  GuestRam ram({{0, 16 << 20}});
  SplitDriverRing ring(ram, {.size = 64});
  const auto queue = static_cast<std::uint32_t>(arena.below(33));
  const GuestRam::Region& all = ram.region(0);
  const SlotDescription slot{0, FrontEnd::describe(all)};
  std::vector<Message> messages{
      message(Request::set_owner),
      message(Request::set_features, feature::modern),
      message(Request::set_protocol_features, protocol_feature::all),
      message(Request::add_mem_reg, slot, {all.descriptor.get()}),
      message(Request::rem_mem_reg, slot),
      message(Request::set_vring_num, VringState{queue, 64}),
      message(Request::set_vring_base,
              VringState{queue, static_cast<std::uint32_t>(arena.below(9))}),
      message(Request::set_vring_addr,
              VringAddress{queue, 0, ram.user(ring.descriptors_at()), ram.user(ring.used_at()),
                           ram.user(ring.available_at()), 0}),
      message(Request::set_vring_kick, std::uint64_t{queue}, {ring.kick_descriptor()}),
      message(Request::set_vring_call, std::uint64_t{queue}, {ring.call_descriptor()}),
      message(Request::set_vring_err, std::uint64_t{queue}, {ring.call_descriptor()}),
      message(Request::set_vring_enable, VringState{queue, 1}),
      message(Request::set_vring_enable, VringState{queue, 0}),
      message(Request::get_vring_base, VringState{queue, 0}),
      message(Request::set_status, arena.below(256)),
      message(Request::reset_device),
      message(Request::reset_owner),
      message(Request::net_set_mtu, arena.number()),
      message(Request::get_features),
      message(Request::get_queue_num),
  };
  FrontEnd front_end = arena.connect();
  for (unsigned i = 0; i < 40; ++i) {
    if (!front_end.send(messages[arena.below(messages.size())])) return;
  }
  arena.breathe();
}

void byte_by_byte(Arena& arena) {
  FrontEnd front_end = arena.connect();
  Bytes conversation;
  for (const Request request : {Request::get_features, Request::set_owner, Request::get_status}) {
    append(conversation, FrontEnd::encode(message(request)));
  }
  conversation.resize(conversation.size() - arena.below(12));
  for (const std::byte byte : conversation) {
    if (!front_end.socket().send(bytes_of(byte), arena.odd_descriptors(arena.below(10) / 9)))
      return;
  }
  arena.breathe();
}

void never_reads(Arena& arena) {
  FrontEnd front_end = arena.connect();
  Bytes questions;
  for (unsigned i = 0; i < 100; ++i) {
    append(questions, FrontEnd::encode(message(Request::get_features)));
  }
  for (unsigned i = 0; i < 50; ++i) {
    if (!front_end.socket().send(questions, {}, Milliseconds(100))) return;
  }
}

void descriptor_storm(Arena& arena) {
  for (unsigned i = 0; i < 10; ++i) {
    FrontEnd front_end = arena.connect();
    Message any = message(arena.pick({Request::get_features, Request::set_mem_table,
                                      Request::set_vring_call, Request::set_owner}));
    any.descriptors = arena.odd_descriptors(arena.pick<std::size_t>({1, 8, 9, 64, 253}));
    front_end.send(any);
  }
}

void second_connections(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  for (unsigned i = 0; i < 20; ++i) {
    FrontEnd second = arena.connect();
    second.send(random_message(arena));
  }
}

void connection_storm(Arena& arena) {
  for (unsigned i = 0; i < 50; ++i) {
    FrontEnd front_end = arena.connect();
    if (arena.chance(30)) front_end.socket().send(arena.bytes(arena.below(12)));
  }
}

// Enable, disable, stop, start, other descriptors, other memory: as fast as it goes, with frames
// under way.
void state_storm(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  FrontEnd& front_end = guest.front_end();
  for (unsigned i = 0; i < 50; ++i) {
    const auto queue = static_cast<std::uint32_t>(arena.below(2));
    const DriverRing& ring = queue == 0 ? guest.driver().egress() : guest.driver().ingress();
    guest.send(numbered_frame(kBroadcast, test_mac(666), i, 60 + arena.below(1455)));
    switch (arena.below(6)) {
      case 0:
        front_end.enable_queue(queue, arena.chance(50));
        break;
      case 1:
        front_end.start_queue(queue, guest.ram(), ring, front_end.stop_queue(queue));
        break;
      case 2:
        front_end.set_call(queue, ring.call_descriptor());
        break;
      case 3:
        front_end.set_kick(queue, ring.kick_descriptor());
        break;
      case 4:
        front_end.share(guest.ram());
        break;
      default:
        guest.reboot();
        break;
    }
  }
}

constexpr Attack kAttacks[] = {
    {"garbage", garbage},
    {"random_messages", random_messages},
    {"shuffled_attachment", shuffled_attachment},
    {"byte_by_byte", byte_by_byte},
    {"never_reads", never_reads},
    {"descriptor_storm", descriptor_storm},
    {"second_connections", second_connections},
    {"connection_storm", connection_storm},
    {"state_storm", state_storm},
};

}  // namespace

std::span<const Attack> message_attacks() { return kAttacks; }

}  // namespace hpvmnet::test
