// Attacks by guest memory that is not what it was said to be, or not any longer.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hostile/arena.h"
#include "support/frame_builder.h"

namespace hpvmnet::test {
namespace {

constexpr std::uint64_t kMegabyte = 1 << 20;

Fd memory_file(std::uint64_t size) {
  Fd file(::memfd_create("odd", MFD_CLOEXEC));
  if (::ftruncate(file.get(), static_cast<off_t>(size)) != 0) file.reset();
  return file;
}

// Longer than the file, over its end, overlapping, wrapping around, at odd addresses.
void bad_regions(Arena& arena) {
  FrontEnd front_end = arena.negotiated();
  const Fd file = memory_file(kMegabyte);
  for (unsigned i = 0; i < 20; ++i) {
    const SlotDescription slot{
        0, {arena.number(), arena.number(), arena.number(), arena.chance(50) ? 0 : arena.number()}};
    if (!front_end.send(message(Request::add_mem_reg, slot, {file.get()}))) return;
  }
  arena.breathe();
}

void odd_files(Arena& arena) {
  FrontEnd front_end = arena.negotiated();
  const SlotDescription slot{0, {0, 4096, 0, 0}};
  front_end.send(message(Request::add_mem_reg, slot, {arena.odd_descriptor()}));
  arena.breathe();
}

// Terabytes of nothing: address space must not be for the taking.
void huge_files(Arena& arena) {
  FrontEnd front_end = arena.negotiated();
  const std::uint64_t size = std::uint64_t{1} << (36 + arena.below(10));
  const Fd file = memory_file(size);
  for (std::uint64_t i = 0; i < 40; ++i) {
    const SlotDescription slot{0, {i * size, size, i * size, 0}};
    if (!front_end.send(message(Request::add_mem_reg, slot, {file.get()}))) return;
  }
  arena.breathe();
}

void many_regions(Arena& arena) {
  FrontEnd front_end = arena.negotiated();
  const Fd file = memory_file(520 * 4096);
  for (std::uint64_t i = 0; i < 515; ++i) {
    const SlotDescription slot{0, {i * 8192, 4096, i * 8192, i * 4096}};
    if (!front_end.send(message(Request::add_mem_reg, slot, {file.get()}))) return;
  }
  arena.breathe();
}

// The file is cut under running rings, so that the switch meets SIGBUS in them or in the frames.
void cut_memory(Arena& arena) {
  TestGuest::Options options = arena.guest_options();
  options.driver.slots_at = 20 * kMegabyte;    // in the second region,
  options.driver.buffers_at = 24 * kMegabyte;  // while the rings are in the first
  TestGuest guest(arena.socket(), options);
  for (unsigned i = 0; i < 20; ++i) {
    guest.driver().prepare({}, numbered_frame(kBroadcast, test_mac(667), i, 1514));
  }
  const std::size_t cut = arena.below(2);
  const auto left = static_cast<off_t>(arena.below(2) * 4096);
  const bool before = arena.chance(50);
  if (before) guest.driver().ingress().expose();
  if (::ftruncate(guest.ram().region(cut).descriptor.get(), left) != 0) return;
  if (!before && cut == 1) guest.driver().ingress().expose();  // touches rings, which are there
  guest.driver().ingress().kick();
  guest.front_end().socket().wait_closed(Milliseconds(500));
}

// Holes appear in the file: that reads as zeroes and is nobody's fault.
void punch_holes(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  for (unsigned i = 0; i < 20; ++i) {
    guest.send(numbered_frame(kBroadcast, test_mac(667), i, 1514));
    const auto at = static_cast<off_t>(arena.below(16) * kMegabyte);
    ::fallocate(guest.ram().region(arena.below(2)).descriptor.get(),
                FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, kMegabyte);
  }
  arena.breathe();
}

// Rings lose their memory in an orderly way, then are kicked, stopped, started.
void remove_live_memory(Arena& arena) {
  TestGuest guest(arena.socket(), arena.guest_options());
  FrontEnd& front_end = guest.front_end();
  for (unsigned i = 0; i < 10; ++i) {
    guest.send(numbered_frame(kBroadcast, test_mac(667), i));
    const GuestRam::Region& region = guest.ram().region(arena.below(2));
    front_end.remove_region(region);
    guest.driver().ingress().kick();
    if (arena.chance(30)) front_end.stop_queue(static_cast<std::uint32_t>(arena.below(2)));
    if (arena.chance(30)) front_end.enable_queue(static_cast<std::uint32_t>(arena.below(2)), true);
    front_end.add_region(region);
  }
}

// Memory that may only be read.
void read_only_memory(Arena& arena) {
  FrontEnd front_end = arena.negotiated();
  const Fd file = memory_file(kMegabyte);
  const Fd readable(
      ::open(("/proc/self/fd/" + std::to_string(file.get())).c_str(), O_RDONLY | O_CLOEXEC));
  const SlotDescription slot{0, {0, kMegabyte, 0, 0}};
  front_end.send(message(Request::add_mem_reg, slot, {readable.get()}));
  const Fd sealed(::memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (::ftruncate(sealed.get(), kMegabyte) != 0) return;
  ::fcntl(sealed.get(), F_ADD_SEALS, F_SEAL_WRITE);
  front_end.send(message(Request::add_mem_reg, slot, {sealed.get()}));
  arena.breathe();
}

constexpr Attack kAttacks[] = {
    {"bad_regions", bad_regions},
    {"odd_files", odd_files},
    {"huge_files", huge_files},
    {"many_regions", many_regions},
    {"cut_memory", cut_memory},
    {"punch_holes", punch_holes},
    {"remove_live_memory", remove_live_memory},
    {"read_only_memory", read_only_memory},
};

}  // namespace

std::span<const Attack> memory_attacks() { return kAttacks; }

}  // namespace hpvmnet::test
