#include "avio_lan/protocol/memory_table.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "avio_lan/memory/region_mapping.h"

namespace hpvmnet::avio_lan {
namespace {

tl::unexpected<Error> violation(std::string text) {
  return fail(ErrorCode::invalid_argument, std::move(text));
}

std::vector<MemoryRegion> copy_of(std::span<const MemoryRegion> regions) {
  return {regions.begin(), regions.end()};
}

auto place_of(const WireRegion& wire) { return std::tuple(wire.guest, wire.user, wire.size); }

auto describes(const WireRegion& wire) {
  return [place = place_of(wire)](const MemoryRegion& region) {
    return std::tuple(region.guest, region.user, region.size) == place;
  };
}

}  // namespace

MemoryTable::MemoryTable(int loss_event)
    : loss_event_(loss_event), memory_(GuestMemory::make({}).value()) {}

bool MemoryTable::lost() const {
  return std::ranges::any_of(memory_->regions(),
                             [](const MemoryRegion& region) { return region.mapping->lost(); });
}

Status MemoryTable::replace(const Message& table) {
  const auto head = table.get<WireTableHead>();
  if (head.count > kMaxTableRegions ||
      table.size != sizeof head + head.count * sizeof(WireRegion) ||
      table.descriptors.size() != head.count) {
    return violation(fmt::format("a table of {} regions came with {} bytes and {} file descriptors",
                                 head.count, table.size, table.descriptors.size()));
  }
  std::vector<MemoryRegion> regions;
  for (std::size_t i = 0; i < head.count; ++i) {
    const auto wire = table.get<WireRegion>(sizeof head + i * sizeof(WireRegion));
    Result<MemoryRegion> region = map(wire, table.descriptors[i]);
    if (!region) return tl::unexpected(region.error());
    regions.push_back(std::move(*region));
  }
  return assume(std::move(regions)).map([&] { repeated_.clear(); });
}

Status MemoryTable::add(const Message& slot) {
  const auto wire = slot.get<WireSlot>().region;
  const auto known = std::ranges::find_if(memory_->regions(), describes(wire));
  if (known != memory_->regions().end()) {
    const auto origin = RegionMapping::origin_of(slot.descriptors.front(), wire.offset);
    if (origin && *origin == known->mapping->origin()) {
      ++repeated_[place_of(wire)];
      return {};
    }
  }
  if (memory_->regions().size() >= kMaxRegions) {
    return violation(fmt::format("the guest has {} memory regions already", kMaxRegions));
  }
  Result<MemoryRegion> region = map(wire, slot.descriptors.front());
  if (!region) return tl::unexpected(region.error());
  std::vector<MemoryRegion> regions = copy_of(memory_->regions());
  regions.push_back(std::move(*region));
  return assume(std::move(regions));
}

// By its addresses and size; neither the offset nor a descriptor that comes along matters.
Status MemoryTable::remove(const Message& slot) {
  const auto wire = slot.get<WireSlot>().region;
  if (const auto again = repeated_.find(place_of(wire)); again != repeated_.end()) {
    if (--again->second == 0) repeated_.erase(again);
    return {};
  }
  std::vector<MemoryRegion> regions = copy_of(memory_->regions());
  if (std::erase_if(regions, describes(wire)) == 0) {
    return violation(
        fmt::format("there is no memory region of {:#x} bytes at guest address {:#x} "
                    "and user address {:#x}",
                    wire.size, wire.guest, wire.user));
  }
  return assume(std::move(regions));
}

Result<MemoryRegion> MemoryTable::map(const WireRegion& wire, const Fd& file) const {
  const auto refuse = [&](const Error& why) {
    return fail(why.code,
                fmt::format("the memory region at guest address {:#x}: {}", wire.guest, why.text));
  };
  if (wire.size == 0) return refuse({ErrorCode::invalid_argument, "it is empty"});
  auto mapping = RegionMapping::map(file, wire.offset, wire.size, loss_event_);
  if (!mapping) return refuse(mapping.error());
  return MemoryRegion{wire.guest, wire.size, wire.user, (*mapping)->data(), *mapping};
}

Status MemoryTable::assume(std::vector<MemoryRegion> regions) {
  std::uint64_t total = 0;  // of sizes that were mapped, so it cannot wrap around
  for (const MemoryRegion& region : regions) total += region.size;
  if (total > kMaxBytes) {
    return violation(fmt::format("the guest has more than {:#x} bytes of memory", kMaxBytes));
  }
  auto memory = GuestMemory::make(std::move(regions));
  if (!memory) return tl::unexpected(memory.error());
  memory_ = std::move(*memory);
  return {};
}

}  // namespace hpvmnet::avio_lan
