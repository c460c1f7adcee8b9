#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit/plugins/avio_lan/session_fixture.h"

// Guest memory: how it comes, changes under running rings, and vanishes.
namespace hpvmnet::avio_lan {
namespace {

using test::RegionDescription;

constexpr std::uint64_t kMegabyte = 1 << 20;
const std::vector<test::RegionLayout> kTwoRegions{{0, 32 * kMegabyte},
                                                  {32 * kMegabyte, 32 * kMegabyte}};

test::SlotDescription slot(const RegionDescription& region) { return {0, region}; }

Bytes table(const std::vector<RegionDescription>& regions) {
  Bytes body;
  test::append(body, bytes_of(VringState{static_cast<std::uint32_t>(regions.size()), 0}));
  for (const RegionDescription& region : regions) test::append(body, bytes_of(region));
  return body;
}

Fd memory_file(std::uint64_t size) {
  Fd file(::memfd_create("odd", MFD_CLOEXEC));
  EXPECT_EQ(::ftruncate(file.get(), static_cast<off_t>(size)), 0);
  return file;
}

class SessionMemory : public SessionTest {};

TEST_F(SessionMemory, MayComeRegionByRegion) {
  TestGuest guest(socket_, {.front_end = {.memory_by_slots = true}, .memory = kTwoRegions});
  expect_traffic(guest);
}

TEST_F(SessionMemory, TableMayBeSetAgainUnderRunningRings) {
  TestGuest guest(socket_, {.memory = kTwoRegions});
  for (unsigned i = 0; i < 20; ++i) {
    expect_traffic(guest);
    guest.front_end().share(guest.ram());
  }
  expect_traffic(guest);
  EXPECT_EQ(warnings(), 0U);
}

// Memory is plugged: frames may lie in it at once. Then it is unplugged, and they may not.
TEST_F(SessionMemory, RegionsMayBeAddedAndRemovedUnderRunningRings) {
  TestGuest guest(socket_, {.memory = {{0, 32 * kMegabyte}}});
  const GuestRam::Region& plugged = guest.ram().add({64 * kMegabyte, kMegabyte});
  NetDriver& driver = guest.driver();
  for (unsigned i = 0; i < 10; ++i) {
    guest.front_end().add_region(plugged);
    const Bytes frame = frame_to_other();
    Bytes bytes(test::kHeaderLength);
    test::append(bytes, frame);
    guest.ram().write(plugged.guest + 100, bytes);
    const test::ChainPiece piece{plugged.guest + 100, static_cast<std::uint32_t>(bytes.size())};
    ASSERT_TRUE(driver.ingress().offer({&piece, 1}).has_value());
    driver.ingress().publish();
    const auto received = other_.receive(kLimit);
    ASSERT_TRUE(received.has_value());
    EXPECT_EQ(received->frame, frame);
    ASSERT_TRUE(driver.ingress().wait(kLimit));
    ASSERT_TRUE(driver.ingress().collect().has_value());

    guest.front_end().remove_region(plugged);
    ASSERT_TRUE(driver.ingress().offer({&piece, 1}).has_value());
    driver.ingress().publish();
    ASSERT_TRUE(driver.ingress().wait(kLimit));
    ASSERT_TRUE(driver.ingress().collect().has_value());
    EXPECT_EQ(hub_.drops(1, Drop::bad_chain), i + 1);
  }
  expect_traffic(guest);
}

// QEMU before 8.0 adds and removes each region once for every pair of queues.
TEST_F(SessionMemory, RegionAddedSeveralTimesStaysUntilItHasBeenRemovedAsOften) {
  TestGuest guest(socket_, {.front_end = {.memory_by_slots = true}});
  const GuestRam::Region& all = guest.ram().region(0);
  guest.front_end().add_region(all);
  guest.front_end().add_region(all);
  expect_traffic(guest);
  guest.front_end().remove_region(all);
  guest.front_end().remove_region(all);
  expect_traffic(guest);
  guest.front_end().remove_region(all);
  ASSERT_TRUE(guest.send(frame_to_other()));
  expect_no_frame();
  EXPECT_EQ(warnings(), 0U);
}

// The same addresses with other bytes behind them are two regions that overlap.
TEST_F(SessionMemory, RegionOfAnotherFileIsNotTheSame) {
  TestGuest guest(socket_);
  TestGuest another;
  const GuestRam::Region& known = guest.ram().region(0);
  const GuestRam::Region& stranger = another.ram().region(0);
  guest.front_end().send(message(Request::add_mem_reg,
                                 test::SlotDescription{0, FrontEnd::describe(known)},
                                 {stranger.descriptor.get()}));
  expect_thrown_out(guest.front_end(), "overlap");
}

// SPDK #2228: a ring's own memory goes away while it runs. The ring rests, and goes on when the
// memory is back.
TEST_F(SessionMemory, RingRestsWhileItsMemoryIsAway) {
  TestGuest guest(socket_);
  expect_traffic(guest);
  const GuestRam::Region& all = guest.ram().region(0);
  guest.front_end().remove_region(all);
  const Bytes frame = frame_to_other();
  ASSERT_TRUE(guest.send(frame));
  expect_no_frame();
  guest.front_end().add_region(all);
  const auto received = other_.receive(kLimit);
  ASSERT_TRUE(received.has_value());
  EXPECT_EQ(received->frame, frame);
  expect_traffic(guest);
}

// Regions are known by guest address, user address and size, not by their file; a descriptor that
// comes along is closed.
TEST_F(SessionMemory, RemovalIgnoresTheDescriptorAndClosesIt) {
  TestGuest guest(socket_, {.memory = {{0, 32 * kMegabyte}}});
  const GuestRam::Region& plugged = guest.ram().add({64 * kMegabyte, kMegabyte});
  const std::size_t before = open_descriptors();
  for (unsigned i = 0; i < 50; ++i) {
    guest.front_end().add_region(plugged);
    guest.front_end().tell(message(Request::rem_mem_reg, slot(FrontEnd::describe(plugged)),
                                   {plugged.descriptor.get()}));
  }
  // The last one is closed after its message has been answered.
  EXPECT_TRUE(test::eventually([&] { return open_descriptors() == before; }));
}

TEST_F(SessionMemory, GuestMayHave509Regions) {
  FrontEnd front_end(socket_);
  front_end.negotiate();
  const Fd file = memory_file(600 * 4096);
  const auto region = [](std::uint64_t i) {
    return RegionDescription{i * 8192, 4096, 0x10'0000'0000 + i * 8192, i * 4096};
  };
  for (std::uint64_t i = 0; i < 509; ++i) {
    ASSERT_EQ(front_end.acknowledged(message(Request::add_mem_reg, slot(region(i)), {file.get()})),
              0U)
        << i;
  }
  const auto one_more =
      front_end.acknowledged(message(Request::add_mem_reg, slot(region(509)), {file.get()}));
  ASSERT_TRUE(one_more.has_value());
  EXPECT_NE(*one_more, 0U);
  expect_thrown_out(front_end, "509 memory regions");
}

struct BadRegion {
  std::string name;
  RegionDescription region;
};

class SessionBadRegion : public SessionTest, public ::testing::WithParamInterface<BadRegion> {
 protected:
  SessionBadRegion() { front_end_.negotiate(); }

  FrontEnd front_end_{socket_};
  const Fd file_ = memory_file(kMegabyte);
  const RegionDescription good_{16 * kMegabyte, kMegabyte, 0x7000'0000, 0};
};

TEST_P(SessionBadRegion, CannotBeAdded) {
  front_end_.tell(message(Request::add_mem_reg, slot(good_), {file_.get()}));
  const auto status = front_end_.acknowledged(
      message(Request::add_mem_reg, slot(GetParam().region), {file_.get()}));
  EXPECT_NE(status, 0U);
  expect_thrown_out(front_end_, "ADD_MEM_REG");
}

TEST_P(SessionBadRegion, CannotBeInATable) {
  const auto status = front_end_.acknowledged(message(
      Request::set_mem_table, table({good_, GetParam().region}), {file_.get(), file_.get()}));
  EXPECT_NE(status, 0U);
  expect_thrown_out(front_end_, "SET_MEM_TABLE");
}

constexpr std::uint64_t kTop = ~std::uint64_t{0} - 4095;

INSTANTIATE_TEST_SUITE_P(
    Regions, SessionBadRegion,
    ::testing::Values(BadRegion{"empty", {0, 0, 0, 0}},
                      BadRegion{"longer_than_its_file", {0, kMegabyte + 1, 0, 0}},
                      BadRegion{"a_page_longer_than_its_file", {0, kMegabyte + 4096, 0, 0}},
                      BadRegion{"behind_its_file", {0, 4096, 0, kMegabyte}},
                      BadRegion{"over_the_end_of_its_file", {0, 8192, 0, kMegabyte - 4096}},
                      BadRegion{"offset_wraps", {0, 8192, 0, kTop}},  // CVE-2020-10722
                      BadRegion{"size_wraps", {0, kTop, 0, 8192}},
                      BadRegion{"size_of_everything", {0, ~std::uint64_t{0}, 0, 0}},
                      BadRegion{"guest_address_wraps", {kTop, 8192, 0, 0}},
                      BadRegion{"user_address_wraps", {0, 8192, kTop, 0}},
                      BadRegion{"guest_overlap_at_front", {15 * kMegabyte + 1, kMegabyte, 0, 0}},
                      BadRegion{"guest_overlap_at_end", {17 * kMegabyte - 1, 4096, 0, 0}},
                      BadRegion{"guest_overlap_inside", {16 * kMegabyte + 4096, 4096, 0, 0}},
                      BadRegion{"user_overlap", {0, 4096, 0x7000'0000 + 4096, 0}}),
    [](const auto& each) { return each.param.name; });

TEST_F(SessionMemory, FilesThatAreNoMemoryAreRefused) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const Fd owned[] = {Fd(pipe_ends[0]),
                      Fd(pipe_ends[1]),
                      Fd(::open("/dev/zero", O_RDWR)),
                      Fd(::open("/proc/self/maps", O_RDONLY)),
                      Fd(::open("/", O_RDONLY)),
                      Fd(::open("/proc/self/exe", O_RDONLY))};
  for (const Fd& odd : owned) {
    FrontEnd front_end(socket_);
    front_end.negotiate();
    const auto status =
        front_end.acknowledged(message(Request::add_mem_reg, slot({0, 4096, 0, 0}), {odd.get()}));
    EXPECT_NE(status, 0U);
    EXPECT_TRUE(front_end.socket().wait_closed(kLimit));
  }
  TestGuest next(socket_);
  expect_traffic(next);
}

// CVE-2026-86561: the file is cut after it was mapped, so that touching the memory raises SIGBUS,
// in a worker or in the control thread. It costs the connection; the other ports notice nothing.
class SessionLostMemory : public SessionTest,
                          public ::testing::WithParamInterface<std::uint64_t> {};

TEST_P(SessionLostMemory, CostsTheConnection) {
  TestGuest guest(socket_, {.memory = kTwoRegions});
  expect_traffic(guest);
  const std::uint64_t left = GetParam();
  // A frame in the second region, rings in the first one; either is cut.
  const std::size_t cut = left == 0 ? 0 : 1;
  NetDriver& driver = guest.driver();
  const std::uint64_t address = 40 * kMegabyte;
  const test::ChainPiece piece{address, 1526};
  ASSERT_TRUE(driver.ingress().offer({&piece, 1}).has_value());
  if (cut == 1) driver.ingress().expose();
  ASSERT_EQ(::ftruncate(guest.ram().region(cut).descriptor.get(), static_cast<off_t>(left)), 0);
  driver.ingress().kick();  // the only thing that is certain to be still there
  expect_thrown_out(guest.front_end(), "disappeared");
}

INSTANTIATE_TEST_SUITE_P(Regions, SessionLostMemory, ::testing::Values(0, 4096),
                         [](const auto& each) { return each.param == 0 ? "rings" : "frames"; });

TEST_F(SessionMemory, BuffersForFramesMayBeLost) {
  TestGuest guest(socket_, {.driver = {.buffers_at = 40 * kMegabyte}, .memory = kTwoRegions});
  expect_traffic(guest);
  ASSERT_EQ(::ftruncate(guest.ram().region(1).descriptor.get(), 4096), 0);
  for (unsigned i = 0; i < 20; ++i) {
    ASSERT_TRUE(other_.send(frame_to_guest()));
    ASSERT_TRUE(other_.driver().wait_sent(kLimit));
  }
  expect_thrown_out(guest.front_end(), "disappeared");
}

}  // namespace
}  // namespace hpvmnet::avio_lan
