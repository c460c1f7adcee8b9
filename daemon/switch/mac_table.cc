#include "switch/mac_table.h"

#include <mutex>

namespace hpvmnet {

MacTable::MacTable(std::uint64_t seed, std::uint32_t ageing)
    : seed_(seed | 1), ageing_(ageing), buckets_(kBuckets) {}

// What learn() does now and then: a station is new, has moved, or has not been seen this second.
void MacTable::change(const Key& key, std::uint16_t port, std::uint32_t now) noexcept {
  auto* place = const_cast<Place*>(look_up(key));
  if (place == nullptr) {
    enter(key, port, now);
    return;
  }
  std::uint64_t value = place->value.load(std::memory_order_acquire);
  if (place->station.load(std::memory_order_relaxed) != key.station) return;
  const std::uint16_t before = port_of(value);
  if (!place->value.compare_exchange_strong(value, pack(value >> 48, now, port),
                                            std::memory_order_acq_rel)) {
    return;
  }
  if (before != port) {
    moves_.fetch_add(1, std::memory_order_relaxed);
    latest_moves_.note({key.station, before, port});
    stations_of_port_[before].fetch_sub(1, std::memory_order_relaxed);
    stations_of_port_[port].fetch_add(1, std::memory_order_relaxed);
  }
}

void MacTable::enter(const Key& key, std::uint16_t port, std::uint32_t now) noexcept {
  if (!writing_.try_lock()) return;
  const std::lock_guard guard(writing_, std::adopt_lock);
  if (look_up(key) != nullptr) return;  // another worker was first
  Place* place = choose_place(key, port, now);
  if (place == nullptr) return;
  if (place->station.load(std::memory_order_relaxed) != 0) erase(*place);
  const auto index = static_cast<std::size_t>(reinterpret_cast<Bucket*>(place) - &buckets_[0]);
  pages_used_[index / kBucketsPerPage].store(true, std::memory_order_relaxed);
  const std::uint64_t generation = (place->value.load(std::memory_order_relaxed) >> 48) + 1;
  place->value.store(pack(generation, now, port), std::memory_order_release);
  place->station.store(key.station, std::memory_order_release);
  stations_of_port_[port].fetch_add(1, std::memory_order_relaxed);
  size_.fetch_add(1, std::memory_order_relaxed);
}

// A free place, else an aged one, else that of the port with most stations, unless that has fewer
// than the one that asks.
MacTable::Place* MacTable::choose_place(const Key& key, std::uint16_t port,
                                        std::uint32_t now) noexcept {
  Place* worst = nullptr;
  std::uint32_t most = stations_of_port_[port].load(std::memory_order_relaxed);
  for (const std::size_t bucket : {key.bucket(), key.other_bucket()}) {
    for (Place& place : buckets_[bucket].places) {
      const std::uint64_t value = place.value.load(std::memory_order_relaxed);
      if (place.station.load(std::memory_order_relaxed) == 0 || aged(value, now)) return &place;
      const std::uint32_t stations =
          stations_of_port_[port_of(value)].load(std::memory_order_relaxed);
      if (stations >= most) {
        most = stations;
        worst = &place;
      }
    }
  }
  return worst;
}

// Needs writing_.
void MacTable::erase(Place& place) noexcept {
  place.station.store(0, std::memory_order_release);
  // A worker may just be moving the station to another port: what it finds here afterwards is a
  // value of a later generation.
  const std::uint64_t value = place.value.load(std::memory_order_relaxed);
  const std::uint64_t last =
      place.value.exchange(pack((value >> 48) + 1, 0, 0), std::memory_order_acq_rel);
  stations_of_port_[port_of(last)].fetch_sub(1, std::memory_order_relaxed);
  size_.fetch_sub(1, std::memory_order_relaxed);
}

template <class Visit>
void MacTable::for_each_used(Visit visit) const {
  for (std::size_t page = 0; page < pages_used_.size(); ++page) {
    if (!pages_used_[page].load(std::memory_order_relaxed)) continue;
    for (std::size_t i = 0; i < kBucketsPerPage; ++i) {
      for (const Place& place : buckets_[page * kBucketsPerPage + i].places) {
        const std::uint64_t station = place.station.load(std::memory_order_acquire);
        if (station != 0) visit(place, station, place.value.load(std::memory_order_acquire));
      }
    }
  }
}

void MacTable::sweep(std::uint32_t now) {
  // Stations are spread over all of the table: so many have one page in four in use.
  constexpr std::size_t kMany = 500;
  if (!huge_ && size() >= kMany) {
    buckets_.use_huge_pages();
    huge_ = true;
  }
  for_each_used([&](const Place& place, std::uint64_t, std::uint64_t value) {
    if (!aged(value, now)) return;
    const std::lock_guard guard(writing_);
    if (place.station.load(std::memory_order_relaxed) != 0 &&
        aged(place.value.load(std::memory_order_relaxed), now)) {
      erase(const_cast<Place&>(place));
    }
  });
}

void MacTable::flush(std::uint16_t port) {
  for_each_used([&](const Place& place, std::uint64_t, std::uint64_t value) {
    if (port_of(value) != port) return;
    const std::lock_guard guard(writing_);
    if (place.station.load(std::memory_order_relaxed) != 0 &&
        port_of(place.value.load(std::memory_order_relaxed)) == port) {
      erase(const_cast<Place&>(place));
    }
  });
}

std::vector<MacTable::Entry> MacTable::list(std::uint32_t now) const {
  std::vector<Entry> entries;
  for_each_used([&](const Place&, std::uint64_t station, std::uint64_t value) {
    if (aged(value, now)) return;
    const std::uint32_t age = now - seen_of(value);
    entries.push_back({MacAddress(station), static_cast<Domain>(station >> 48 & 0xfff),
                       port_of(value), age < 0x8000'0000 ? age : 0});
  });
  return entries;
}

}  // namespace hpvmnet
