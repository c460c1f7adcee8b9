#include "hostile/arena.h"

#include <exception>
#include <limits>
#include <thread>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace hpvmnet::test {
namespace {

constexpr Milliseconds kPatience{1000};

void fill(int event) {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() - 1;
  [[maybe_unused]] const ssize_t written = ::write(event, &most, sizeof most);
}

std::vector<Fd> make_odd_descriptors() {
  std::vector<Fd> odd;
  int pair[2];
  if (::pipe2(pair, O_CLOEXEC) == 0) {
    odd.emplace_back(pair[0]);
    odd.emplace_back(pair[1]);
  }
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0) {
    odd.emplace_back(pair[0]);
    ::close(pair[1]);  // a socket whose other end is gone
  }
  odd.emplace_back(::open("/dev/null", O_RDWR | O_CLOEXEC));
  odd.emplace_back(::open("/dev/zero", O_RDWR | O_CLOEXEC));
  odd.emplace_back(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  odd.emplace_back(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  odd.emplace_back(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
  odd.emplace_back(::epoll_create1(EPOLL_CLOEXEC));
  odd.emplace_back(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
  odd.emplace_back(::inotify_init1(IN_CLOEXEC));
  odd.emplace_back(::eventfd(0, EFD_CLOEXEC));
  odd.emplace_back(::eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE));
  odd.emplace_back(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  fill(odd.back().get());
  odd.emplace_back(::eventfd(0, EFD_CLOEXEC));  // full, and blocks
  fill(odd.back().get());
  odd.emplace_back(::memfd_create("empty", MFD_CLOEXEC));
  odd.emplace_back(::memfd_create("page", MFD_CLOEXEC));
  if (::ftruncate(odd.back().get(), 4096) != 0) odd.pop_back();
  std::erase_if(odd, [](const Fd& one) { return !one; });
  return odd;
}

}  // namespace

Arena::Arena(std::filesystem::path socket, std::uint64_t seed)
    : socket_(std::move(socket)), random_(seed), odd_(make_odd_descriptors()) {}

Bytes Arena::bytes(std::size_t count) {
  Bytes result(count);
  for (std::byte& byte : result) byte = static_cast<std::byte>(random_());
  return result;
}

std::uint64_t Arena::number() {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  switch (below(6)) {
    case 0:
      return below(4);
    case 1:
      return kMost - below(4096);
    case 2:
      return std::uint64_t{1} << below(64);
    case 3:
      return (std::uint64_t{1} << below(64)) - 1;
    case 4:
      return below(1 << 20);
    default:
      return random_();
  }
}

int Arena::odd_descriptor() { return odd_[below(odd_.size())].get(); }

std::vector<int> Arena::odd_descriptors(std::size_t count) {
  std::vector<int> result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(odd_descriptor());
  return result;
}

FrontEnd Arena::connect() { return FrontEnd(socket_, {.patience = kPatience}); }

FrontEnd Arena::negotiated() {
  FrontEnd front_end = connect();
  front_end.negotiate();
  return front_end;
}

TestGuest::Options Arena::guest_options() {
  TestGuest::Options options;
  options.front_end.patience = kPatience;
  options.front_end.memory_by_slots = chance(50);
  if (chance(30)) options.front_end.features &= ~feature::event_index;
  if (chance(30)) options.front_end.features &= ~feature::mergeable;
  if (chance(40)) options.front_end.features |= feature::packed;
  options.memory = {{0, 16 << 20}, {16 << 20, 16 << 20}};
  return options;
}

void Arena::breathe() { std::this_thread::sleep_for(Milliseconds(1 + below(10))); }

std::vector<Attack> all_attacks() {
  std::vector<Attack> all;
  for (const auto& some : {message_attacks(), memory_attacks(), ring_attacks(), event_attacks()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

void run_attack(const Attack& attack, Arena& arena) {
  try {
    attack.run(arena);
  } catch (const std::exception&) {  // thrown out in the middle of it
  }
}

}  // namespace hpvmnet::test
