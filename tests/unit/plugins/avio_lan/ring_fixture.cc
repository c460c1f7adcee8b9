#include "unit/plugins/avio_lan/ring_fixture.h"

#include <deque>
#include <numeric>

#include <fmt/format.h>

namespace hpvmnet::avio_lan {

std::shared_ptr<const GuestMemory> memory_of(const GuestRam& ram) {
  std::vector<MemoryRegion> regions;
  for (const GuestRam::Region& region : ram.regions()) {
    regions.push_back({region.guest, region.size, region.user, region.host, nullptr});
  }
  auto memory = GuestMemory::make(std::move(regions));
  if (!memory) throw std::runtime_error(memory.error().text);
  return *memory;
}

RingSetup setup_of(const GuestRam& ram, const DriverRing& ring, const Agreement& agreed) {
  RingSetup setup;
  setup.memory = memory_of(ram);
  setup.descriptors = ram.at(ring.descriptors_at());
  setup.available = ram.at(ring.available_at());
  setup.used = ram.at(ring.used_at());
  setup.size = ring.size();
  setup.packed = ring.packed();
  setup.header_length = agreed.header_length;
  setup.mergeable = agreed.mergeable;
  setup.event_index = agreed.event_index;
  setup.call = ring.call_descriptor();
  return setup;
}

std::uint64_t drops(const Tally& tally, Drop reason) {
  return tally.drops[static_cast<std::size_t>(reason)].get();
}

std::uint64_t all_drops(const Tally& tally) {
  return std::accumulate(tally.drops.begin(), tally.drops.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Counter& one) { return sum + one.get(); });
}

Bytes contents(const Frame& frame) {
  Bytes bytes(frame.head.begin(), frame.head.begin() + frame.head_length);
  for (const Part& part : frame.rest()) test::append(bytes, {part.data, part.length});
  return bytes;
}

bool offer_frame(const GuestRam& ram, DriverRing& ring, std::uint64_t address, ByteView frame,
                 const ChainShape& shape, std::uint32_t header_length) {
  Bytes bytes(header_length);
  test::append(bytes, frame);
  const auto pieces = shape.pieces(address, static_cast<std::uint32_t>(bytes.size()), false);
  test::scatter(ram, pieces, bytes);
  if (!ring.offer(pieces, shape.indirect_from)) return false;
  ring.publish();
  return true;
}

std::vector<RingShape> shapes_of_all_rings(std::uint32_t header_length) {
  std::vector<RingShape> all;
  for (const bool packed : {false, true}) {
    for (const auto& [name, shape] : test::named_shapes(header_length)) {
      all.push_back({(packed ? "packed_" : "split_") + name, shape, packed});
    }
  }
  return all;
}

std::vector<RingSize> sizes_of_all_rings() {
  std::vector<RingSize> all;
  for (const bool packed : {false, true}) {
    for (const std::uint32_t size : {64U, 128U, 256U, 512U, 1024U, 4096U, 16384U, 32768U}) {
      all.push_back({fmt::format("{}_{}", packed ? "packed" : "split", size), size, packed});
    }
  }
  return all;
}

std::vector<Notifying> all_ways_to_notify() {
  return {{"split_flags", false, false},
          {"split_event_index", false, true},
          {"packed_flags", true, false},
          {"packed_event_index", true, true}};
}

std::vector<Bytes> IngressSide::take_burst() {
  std::vector<Bytes> frames;
  burst.clear();
  ring->receive(burst, tally);
  for (std::size_t i = 0; i < burst.size(); ++i) {
    EXPECT_EQ(burst[i].head_length, std::min(burst[i].length, Frame::kHeadCapacity));
    frames.push_back(contents(burst[i]));
    EXPECT_EQ(frames.back().size(), burst[i].length);
  }
  if (!burst.empty()) ring->release();
  return frames;
}

std::vector<Bytes> IngressSide::take_all() {
  std::vector<Bytes> frames;
  for (;;) {
    const auto some = take_burst();
    if (some.empty()) return frames;
    frames.insert(frames.end(), some.begin(), some.end());
  }
}

void EgressSide::send(const std::vector<Bytes>& frames, std::size_t part) {
  std::deque<Frame> lent;
  std::deque<std::vector<Part>> parts;
  std::vector<const Frame*> pointers;
  for (const Bytes& bytes : frames) {
    Frame& frame = lent.emplace_back();
    frame.length = static_cast<std::uint32_t>(bytes.size());
    frame.head_length = std::min(frame.length, Frame::kHeadCapacity);
    std::copy_n(bytes.begin(), frame.head_length, frame.head.begin());
    std::vector<Part>& rest = parts.emplace_back();
    for (std::size_t at = frame.head_length; at < bytes.size(); at += part) {
      const std::size_t now = std::min(part, bytes.size() - at);
      rest.push_back({bytes.data() + at, static_cast<std::uint32_t>(now)});
    }
    frame.parts = rest.data();
    frame.part_count = static_cast<std::uint32_t>(rest.size());
    pointers.push_back(&frame);
  }
  ring->send(pointers, tally);
}

void RawRing::describe(const std::vector<RingDescriptor>& descriptors) {
  for (std::uint32_t i = 0; i < descriptors.size(); ++i) ring_.set_descriptor(i, descriptors[i]);
}

void RawRing::offer(std::uint16_t head) {
  const std::uint16_t index = ring_.available_index();
  ring_.set_available_entry(index, head);
  ring_.set_available_index(static_cast<std::uint16_t>(index + 1));
}

test::UsedChain RawRing::used_entry(std::uint16_t position) const {
  const std::uint64_t slot = position & (ring_.size() - 1);
  const Bytes entry = ram_.read(ring_.used_at() + 4 + 8 * slot, 8);
  return {static_cast<std::uint16_t>(test::value_from<std::uint32_t>(entry)),
          test::value_from<std::uint32_t>(entry, 4)};
}

}  // namespace hpvmnet::avio_lan
