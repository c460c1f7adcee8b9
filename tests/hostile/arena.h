#pragma once

#include <filesystem>
#include <random>
#include <span>
#include <vector>

#include "base/fd.h"
#include "support/front_end.h"
#include "support/test_guest.h"

namespace hpvmnet::test {

/// What an attacker has at hand: the socket of one port, chance, and a bag of file descriptors that
/// nobody expects. Everything it does follows from the seed. One thread.
class Arena {
 public:
  Arena(std::filesystem::path socket, std::uint64_t seed);

  const std::filesystem::path& socket() const { return socket_; }

  /// 0 to count - 1.
  std::uint64_t below(std::uint64_t count) { return random_() % count; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class T>
  T pick(std::span<const T> from) {
    return from[below(from.size())];
  }
  template <class T>
  T pick(std::initializer_list<T> from) {
    return pick(std::span<const T>(from.begin(), from.size()));
  }
  Bytes bytes(std::size_t count);
  /// Any of 64 bits, with a liking for the ends of ranges.
  std::uint64_t number();

  /// A descriptor of the bag: pipes, sockets, files, directories, eventfds that are full, that
  /// block.
  int odd_descriptor();
  std::vector<int> odd_descriptors(std::size_t count);

  /// A connection with a short patience, for peers that may be thrown out.
  FrontEnd connect();
  FrontEnd negotiated();
  TestGuest::Options guest_options();
  /// Waits long enough for the switch to have noticed something.
  void breathe();

 private:
  std::filesystem::path socket_;
  std::mt19937_64 random_;
  std::vector<Fd> odd_;
};

/// One way to attack. Throws where it is thrown out, which is what it asked for.
struct Attack {
  const char* name;
  void (*run)(Arena& arena);
};

std::span<const Attack> message_attacks();
std::span<const Attack> memory_attacks();
std::span<const Attack> ring_attacks();
std::span<const Attack> event_attacks();
std::vector<Attack> all_attacks();

/// Runs an attack to its end, whatever that is.
void run_attack(const Attack& attack, Arena& arena);

}  // namespace hpvmnet::test
