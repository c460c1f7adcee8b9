#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/domain.h"
#include "base/lazy_array.h"
#include "base/mac_address.h"
#include "base/spin_lock.h"
#include "switch/station_moves.h"

namespace hpvmnet {

/// The stations of one vswitch: (address, domain) → port, learnt from source addresses.
///
/// Bounded: kCapacity places in buckets of one cache line, of which each address may use two, so a
/// look-up costs one line, seldom two, from 1 to 100,000 addresses. Entries age. Fair when full: a
/// new station takes the place of one behind the port that has most, never of a port that has fewer
/// than its own; so a guest that invents addresses loses its own. The hash is keyed, so that nobody
/// can choose addresses that collide.
///
/// Threads: find() and learn() by all workers at once, without waiting: a station that cannot be
/// entered because someone else is writing is entered with one of its next frames. The other
/// methods are for the control thread.
class MacTable {
  static constexpr std::size_t kWays = 4;

  // A place: station 0 is free. `value` packs port, time and a generation that tells one use of the
  // place from the next, so that a late writer cannot change another station's entry.
  struct Place {
    std::atomic<std::uint64_t> station;
    std::atomic<std::uint64_t> value;
  };
  struct alignas(64) Bucket {
    std::array<Place, kWays> places;
  };
  static_assert(sizeof(Bucket) == 64);

 public:
  static constexpr std::size_t kCapacity = std::size_t{1} << 19;
  static constexpr std::size_t kBuckets = kCapacity / kWays;
  static constexpr unsigned kBucketBits = 17;
  static_assert(kBuckets == std::size_t{1} << kBucketBits);
  static constexpr std::uint16_t kUnknown = 0xffff;
  static constexpr std::uint32_t kDefaultAgeing = 300;

  /// What is looked up, with where to look. Made once, used for Keys::prefetch() and find() or
  /// learn().
  struct Key {
    std::uint64_t station;  ///< address and domain
    std::uint64_t hash;     ///< of the station

    std::uint64_t address() const noexcept { return station & 0xffff'ffff'ffff; }
    bool is_group() const noexcept { return (station >> 40 & 1) != 0; }
    Domain domain() const noexcept { return station >> 48 & 0x7fff; }
    std::size_t bucket() const noexcept { return hash >> (64 - kBucketBits); }
    std::size_t other_bucket() const noexcept { return hash & (kBuckets - 1); }
  };

  struct Entry {
    MacAddress mac;
    Domain domain;
    std::uint16_t port;
    std::uint32_t age;  ///< seconds since it was last seen
  };

  /// `seed` keys the hash: random, not known to guests. `ageing` in seconds.
  explicit MacTable(std::uint64_t seed, std::uint32_t ageing = kDefaultAgeing);

  /// Makes keys of the stations of one domain. A plain value, good for the life of the table; a
  /// loop keeps it in registers.
  class Keys {
   public:
    /// `mac` in the low 48 bits.
    Key operator()(std::uint64_t mac) const noexcept {
      const std::uint64_t station = domain_ | mac;
      const auto product = static_cast<Wide>(station) * seed_;
      return {station,
              static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product)};
    }
    /// Begins to fetch what is known of a station.
    void prefetch(const Key& key) const noexcept { __builtin_prefetch(&buckets_[key.bucket()]); }

   private:
    friend class MacTable;
    Keys(const MacTable& table, Domain domain) noexcept
        : buckets_(&table.buckets_[0]),
          seed_(table.seed_),
          domain_(kUsed | std::uint64_t{domain} << 48) {}

    const Bucket* buckets_;
    std::uint64_t seed_;
    std::uint64_t domain_;
  };
  Keys keys(Domain domain) const noexcept { return {*this, domain}; }
  Key key(std::uint64_t mac, Domain domain) const noexcept { return keys(domain)(mac); }

  /// The port behind which the station was seen within the ageing time, or kUnknown. `now`: seconds
  /// on any clock that does not go back.
  std::uint16_t find(const Key& key, std::uint32_t now) const noexcept {
    const Place* place = look_up(key);
    if (place == nullptr) return kUnknown;
    const std::uint64_t value = place->value.load(std::memory_order_acquire);
    // The place may have got another station meanwhile.
    if (place->station.load(std::memory_order_relaxed) != key.station) return kUnknown;
    return aged(value, now) ? kUnknown : port_of(value);
  }

  /// Notes that the station has just been seen behind `port` (below kPorts).
  void learn(const Key& key, std::uint16_t port, std::uint32_t now) noexcept {
    const Place* place = look_up(key);
    if (place != nullptr) {
      const std::uint64_t value = place->value.load(std::memory_order_acquire);
      if (port_of(value) == port && seen_of(value) == now) return;  // nearly always
    }
    change(key, port, now);
  }

  /// Forgets the stations that have aged, and sees to the table's place in memory. To be called
  /// every few seconds.
  void sweep(std::uint32_t now);
  /// Forgets the stations behind a port.
  void flush(std::uint16_t port);
  std::vector<Entry> list(std::uint32_t now) const;
  /// How often a station has moved from one port to another.
  std::uint64_t moves() const noexcept { return moves_.load(std::memory_order_relaxed); }
  /// Some of them, for people to know; the control thread takes them.
  StationMoves& latest_moves() noexcept { return latest_moves_; }
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

  static constexpr std::size_t kPorts =
      514;  ///< guests', the backing interface's, the switch's own

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr std::uint64_t kUsed = std::uint64_t{1} << 63;
  static constexpr std::size_t kBucketsPerPage = 64;

  static constexpr std::uint16_t port_of(std::uint64_t value) noexcept {
    return static_cast<std::uint16_t>(value);
  }
  static constexpr std::uint32_t seen_of(std::uint64_t value) noexcept {
    return static_cast<std::uint32_t>(value >> 16);
  }
  static constexpr std::uint64_t pack(std::uint64_t generation, std::uint32_t seen,
                                      std::uint16_t port) noexcept {
    return generation << 48 | std::uint64_t{seen} << 16 | port;
  }
  bool aged(std::uint64_t value, std::uint32_t now) const noexcept {
    const std::uint32_t age = now - seen_of(value);
    return age > ageing_ && age < 0x8000'0000;  // a worker's clock may be a second ahead
  }

  const Place* look_up(const Key& key) const noexcept {
    const Place* place = look_up(key.bucket(), key.station);
    if (place == nullptr) [[unlikely]] {
      place = look_up(key.other_bucket(), key.station);
    }
    return place;
  }
  const Place* look_up(std::size_t bucket, std::uint64_t station) const noexcept {
    for (const Place& place : buckets_[bucket].places) {
      if (place.station.load(std::memory_order_acquire) == station) return &place;
    }
    return nullptr;
  }
  void change(const Key& key, std::uint16_t port, std::uint32_t now) noexcept;
  void enter(const Key& key, std::uint16_t port, std::uint32_t now) noexcept;
  Place* choose_place(const Key& key, std::uint16_t port, std::uint32_t now) noexcept;
  void erase(Place& place) noexcept;
  template <class Visit>
  void for_each_used(Visit visit) const;

  const std::uint64_t seed_;
  const std::uint32_t ageing_;
  LazyArray<Bucket> buckets_;
  std::array<std::atomic<bool>, kBuckets / kBucketsPerPage> pages_used_{};
  SpinLock writing_;   // held to enter and erase; never waited for by a worker
  bool huge_ = false;  // the control thread's
  std::array<std::atomic<std::uint32_t>, kPorts> stations_of_port_{};
  std::atomic<std::size_t> size_{0};
  std::atomic<std::uint64_t> moves_{0};
  StationMoves latest_moves_;
};

}  // namespace hpvmnet
