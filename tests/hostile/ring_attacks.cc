// Attacks by what is in the rings.

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include <sys/mman.h>

#include "hostile/arena.h"
#include "support/frame_builder.h"
#include "support/packed_driver_ring.h"
#include "support/split_driver_ring.h"

namespace hpvmnet::test {
namespace {

constexpr std::uint64_t kMegabyte = 1 << 20;
constexpr std::uint64_t kMemory = 32 * kMegabyte;
constexpr MacAddress kAttacker = test_mac(668);

std::uint64_t odd_address(Arena& arena) {
  switch (arena.below(6)) {
    case 0:
      return arena.number();
    case 1:
      return kMemory - arena.below(4096);
    case 2:
      return kMemory / 2 - arena.below(4096);  // the border of the two regions
    default:
      return arena.below(kMemory);
  }
}

RingDescriptor odd_descriptor(Arena& arena, std::uint32_t ring_size) {
  RingDescriptor odd;
  odd.address = odd_address(arena);
  odd.length = arena.pick<std::uint32_t>(
      {0, 1, 11, 12, 13, 16, 32, 60, 72, 1024, 1526, 65536, 0x7fff'ffff, 0xffff'fff0, 0xffff'ffff});
  odd.flags = static_cast<std::uint16_t>(arena.chance(95) ? arena.below(8) : arena.number());
  odd.next = static_cast<std::uint16_t>(arena.chance(90) ? arena.below(ring_size) : arena.number());
  return odd;
}

void spoil_ring(Arena& arena, SplitDriverRing& ring) {
  for (std::uint32_t i = 0; i < ring.size(); ++i) {
    ring.set_descriptor(i, odd_descriptor(arena, ring.size()));
    const auto head = arena.chance(99) ? arena.below(ring.size()) : arena.number();
    ring.set_available_entry(i, static_cast<std::uint16_t>(head));
  }
  const auto step = arena.chance(95) ? arena.below(64) : arena.number();
  ring.set_available_index(static_cast<std::uint16_t>(ring.available_index() + step));
}

// Marks that are available, used or neither, in runs; and wishes for events.
void spoil_ring(Arena& arena, const GuestRam& ram, const PackedDriverRing& ring) {
  std::uint16_t marks = 0;
  for (std::uint32_t i = 0; i < ring.size(); ++i) {
    if (arena.chance(10)) marks = static_cast<std::uint16_t>(arena.number() & 0x8080);
    RingDescriptor odd = odd_descriptor(arena, ring.size());
    std::swap(odd.flags, odd.next);
    odd.next = static_cast<std::uint16_t>((odd.next & ~0x8080) | marks);
    ram.write(ring.descriptor_at(i), bytes_of(odd));
  }
  ram.write(ring.available_at(), bytes_of(static_cast<std::uint32_t>(arena.number())));
  if (arena.chance(10)) {
    ram.write(ring.used_at(), bytes_of(static_cast<std::uint32_t>(arena.number())));
  }
}

void spoil_ring(Arena& arena, const GuestRam& ram, DriverRing& ring) {
  if (ring.packed()) {
    spoil_ring(arena, ram, dynamic_cast<const PackedDriverRing&>(ring));
  } else {
    spoil_ring(arena, split(ring));
  }
  // Descriptors may refer to tables; let there be some in memory that they hit.
  for (unsigned i = 0; i < 64; ++i) {
    const RingDescriptor entry = odd_descriptor(arena, ring.size());
    ram.write(arena.below(kMemory / 16 - 1) * 16, bytes_of(entry));
  }
}

// Rings full of chance. Seldom a wild index, since that is the end of a ring.
void random_rings(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  for (unsigned round = 0; round < 10; ++round) {
    for (DriverRing* ring : {&guest.driver().ingress(), &guest.driver().egress()}) {
      spoil_ring(arena, guest.ram(), *ring);
      ring->kick();
    }
    arena.breathe();
    if (arena.chance(20)) guest.reboot();
  }
}

// Well-formed rings, and next to them a thread that rewrites descriptors, tables and headers while
// the switch reads them.
class Flipper {
 public:
  Flipper(const GuestRam& ram, std::uint64_t from, std::uint64_t length, std::uint64_t seed)
      : size_(ram.region(0).size), random_(seed) {
    // A mapping of its own: to a race detector this is another process.
    memory_ = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED,
                     ram.region(0).descriptor.get(), 0);
    if (memory_ == MAP_FAILED) throw std::runtime_error("mmap");
    thread_ = std::thread([this, from, length] { run(from, length); });
  }
  Flipper(const Flipper&) = delete;
  Flipper& operator=(const Flipper&) = delete;
  ~Flipper() {
    stop_ = true;
    thread_.join();
    ::munmap(memory_, size_);
  }

 private:
  void run(std::uint64_t from, std::uint64_t length) {
    auto* const words = reinterpret_cast<std::uint16_t*>(static_cast<char*>(memory_) + from);
    while (!stop_) {
      const std::atomic_ref word(words[random_() % (length / 2)]);
      const std::uint16_t before = word.load(std::memory_order_relaxed);
      word.store(static_cast<std::uint16_t>(random_()), std::memory_order_relaxed);
      for (std::uint64_t i = random_() % 200; i > 0; --i)
        std::atomic_signal_fence(std::memory_order_seq_cst);
      word.store(before, std::memory_order_relaxed);
    }
  }

  void* memory_;
  const std::uint64_t size_;
  std::mt19937_64 random_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

void flip_descriptors(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  DriverRing& ring = arena.chance(70) ? guest.driver().ingress() : guest.driver().egress();
  const Flipper flipper(guest.ram(), ring.descriptors_at(), 16 * ring.size(), arena.number());
  const ChainShape shapes[] = {{}, {.cuts = {12}}, {.then = 100}, {.then = 64, .indirect_from = 0}};
  for (unsigned i = 0; i < 2000; ++i) {
    guest.send(numbered_frame(kBroadcast, kAttacker, i, 60 + arena.below(1455)),
               shapes[arena.below(4)]);
  }
}

void flip_everything(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  const Flipper flipper(guest.ram(), 0, 2 * kMegabyte, arena.number());
  for (unsigned i = 0; i < 2000; ++i) {
    guest.send(numbered_frame(kBroadcast, kAttacker, i, 60 + arena.below(1455)));
  }
}

// Buffers that frames from others must go to: of no byte, of one byte, looping, readable.
void odd_buffers(Arena& arena) {
  TestGuest::Options options = arena.guest_options();
  options.driver.buffer = arena.pick<std::uint32_t>({1, 2, 11, 12, 13, 64, 1526});
  if (arena.chance(50)) options.driver.egress_shape.then = 1;
  TestGuest guest(arena.socket(), options);
  guest.driver().hold_buffers(arena.chance(30));
  for (unsigned i = 0; i < 20; ++i) {
    guest.send(numbered_frame(kBroadcast, kAttacker, i));
    guest.receive(Milliseconds(2));
  }
}

// More stations than a table holds, in frames of all kinds and lengths.
void random_frames(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  for (unsigned i = 0; i < 5000; ++i) {
    Bytes frame = arena.bytes(arena.pick<std::size_t>({0, 1, 13, 14, 17, 18, 60, 128, 129, 1514}));
    if (frame.size() > 6) frame[6] = std::byte{0x0a};  // no group address, and nobody else's
    guest.send(frame);
  }
}

// Requests that contradict their frames, or nearly fit them, towards receivers for which they must
// be met in software.
void wild_offloads(Arena& arena) {
  TestGuest::Options options = arena.guest_options();
  options.front_end.features |= feature::host_offloads;
  options.driver.slot = 8192;
  TestGuest guest(arena.socket(), options);
  for (unsigned i = 0; i < 500; ++i) {
    Bytes frame = arena.bytes(arena.pick<std::size_t>({34, 54, 60, 74, 128, 200, 1514, 8000}));
    FrameBuilder ethernet;
    ethernet.to(kBroadcast).from(test_mac(700)).type(arena.chance(50) ? 0x0800 : 0x86dd);
    const Bytes beginning = ethernet.build();
    std::copy_n(beginning.begin(), 14, frame.begin());
    frame[14] = arena.pick({std::byte{0x45}, std::byte{0x60}, std::byte{0x4f}});
    frame[20] = std::byte{static_cast<unsigned char>(arena.pick({6, 17, 0, 60}))};
    frame[23] = std::byte{static_cast<unsigned char>(arena.pick({6, 17}))};
    const auto number = [&](std::initializer_list<int> likely) {
      return arena.chance(80) ? static_cast<std::uint16_t>(arena.pick(likely))
                              : static_cast<std::uint16_t>(arena.number());
    };
    guest.driver().send({.flags = static_cast<std::uint8_t>(number({1, 0, 3})),
                         .gso_type = static_cast<std::uint8_t>(number({0, 1, 3, 4, 5, 0x81})),
                         .header_length = number({0, 54, 65535}),
                         .gso_size = number({0, 1, 48, 1460, 65535}),
                         .checksum_start = number({0, 14, 34, 54, 127}),
                         .checksum_offset = number({0, 6, 16, 65535})},
                        frame);
  }
}

void long_chains(Arena& arena) {
  TestGuest::Options options = arena.guest_options();
  options.memory = {{0, kMemory}};
  options.driver.ingress_size = 32768;
  options.driver.slot = 16;
  options.front_end.features &= ~feature::packed;
  TestGuest guest(arena.socket(), options);
  SplitDriverRing& ring = split(guest.driver().ingress());
  for (std::uint32_t i = 0; i < ring.size(); ++i) {
    const auto next = static_cast<std::uint16_t>((i + 1) % ring.size());
    ring.set_descriptor(
        i, {0, static_cast<std::uint32_t>(arena.below(2)), RingDescriptor::kNext, next});
    ring.set_available_entry(i, static_cast<std::uint16_t>(i));
  }
  ring.set_available_index(32767);
  for (unsigned i = 0; i < 20; ++i) {
    ring.kick();
    arena.breathe();
  }
}

// Rings that lie on each other, on their buffers, outside of memory, askew.
void wild_addresses(Arena& arena) {
  FrontEnd front_end = arena.negotiated();
  GuestRam ram({{0, 16 * kMegabyte}});
  front_end.share(ram);
  const SplitDriverRing events(ram, {.size = 64});
  const std::uint64_t base = ram.region(0).user;
  const auto address = [&] {
    return arena.chance(80) ? base + arena.below(1 << 16) / 16 * 16 : arena.number();
  };
  for (unsigned i = 0; i < 10; ++i) {
    const auto queue = static_cast<std::uint32_t>(arena.below(2));
    const auto size = std::uint32_t{1} << arena.below(16);
    front_end.tell(message(Request::set_vring_num, VringState{queue, size}));
    front_end.tell(message(Request::set_vring_addr,
                           VringAddress{queue, 0, address(), address(), address(), 0}));
    front_end.enable_queue(queue, true);
    front_end.set_call(queue, events.call_descriptor());
    front_end.set_kick(queue, events.kick_descriptor());
    arena.breathe();
    front_end.stop_queue(queue);
  }
}

constexpr Attack kAttacks[] = {
    {"random_rings", random_rings},       {"flip_descriptors", flip_descriptors},
    {"flip_everything", flip_everything}, {"odd_buffers", odd_buffers},
    {"random_frames", random_frames},     {"long_chains", long_chains},
    {"wild_addresses", wild_addresses},   {"wild_offloads", wild_offloads},
};

}  // namespace

std::span<const Attack> ring_attacks() { return kAttacks; }

}  // namespace hpvmnet::test
