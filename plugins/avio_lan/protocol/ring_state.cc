#include "avio_lan/protocol/ring_state.h"

#include <bit>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "avio_lan/protocol/features.h"
#include "avio_lan/ring/packed_ring.h"

namespace hpvmnet::avio_lan {
namespace {

constexpr std::uint32_t kLargestSize = 32768;  // virtio 1.2, clause 2.7

bool is_packed(std::uint64_t features) { return (features & feature::packed_ring) != 0; }

tl::unexpected<Error> violation(std::string text) {
  return fail(ErrorCode::invalid_argument, std::move(text));
}

Status check_alignment(std::string_view part, std::uint64_t address, std::uint64_t alignment) {
  if (address % alignment == 0) return {};
  return violation(fmt::format("its {} at user address {:#x} is not aligned to {} bytes", part,
                               address, alignment));
}

}  // namespace

Status RingState::set_size(std::uint32_t size) {
  if (started_) return violation("its size cannot change while it is started");
  if (!std::has_single_bit(size) || size > kLargestSize) {
    return violation(
        fmt::format("its size must be a power of two up to {}, not {}", kLargestSize, size));
  }
  size_ = size;
  return {};
}

// A packed ring's value is two positions, which of a ring at rest are the same.
Status RingState::set_base(std::uint32_t value, std::uint64_t features) {
  if (started_) return violation("its index cannot change while it is started");
  if (!is_packed(features) && value > 0xffff) {
    return violation(fmt::format("an index has 16 bits, {:#x} has more", value));
  }
  told_base_ = value;
  reached_.reset();
  return {};
}

std::uint32_t RingState::base(std::uint64_t features) const noexcept {
  if (!reached_) return told_base_;
  if (!is_packed(features)) return *reached_;
  const std::uint32_t position = written_position(*reached_, size_);
  return position | position << 16;
}

Status RingState::set_addresses(const VringAddresses& addresses) {
  if (addresses.flags != 0) {
    return violation(fmt::format("flags {:#x} were not offered", addresses.flags));
  }
  return check_alignment("descriptor table", addresses.descriptors, 16)
      .and_then([&] { return check_alignment("available ring", addresses.available, 2); })
      .and_then([&] { return check_alignment("used ring", addresses.used, 4); })
      .map([&] { addresses_ = addresses; });
}

void RingState::start(Fd kick) {
  kick_ = std::move(kick);
  started_ = true;
  broken_ = false;
}

void RingState::stop() {
  kick_.reset();
  started_ = false;
}

void RingState::reset() {
  stop();
  size_ = 0;
  told_base_ = 0;
  reached_.reset();
  addresses_ = {};
  enabled_ = false;
  broken_ = false;
}

Result<RingSetup> RingState::setup(const std::shared_ptr<const GuestMemory>& memory,
                                   std::uint64_t features) const {
  if (size_ == 0) return violation("its size has not been set");
  const bool long_header = (features & (feature::version_1 | feature::mergeable)) != 0;
  const bool packed = is_packed(features);
  const auto told = static_cast<std::uint16_t>(told_base_);
  RingSetup setup{
      .memory = memory,
      .size = size_,
      .next_available = reached_.value_or(packed ? packed_position(told, size_) : told),
      .packed = packed,
      .recovering = packed && !reached_,
      .header_length = long_header ? 12U : 10U,  // virtio 1.2, clause 5.1.6.1
      .mergeable = (features & feature::mergeable) != 0,
      .offloads = (features & feature::checksum) != 0,
      .event_index = (features & feature::event_index) != 0,
      .enabled = enabled_,
      .call = call_.get(),
  };
  const auto locate = [&](std::string_view part, std::uint64_t address, std::uint64_t length,
                          std::byte*& found) -> Status {
    found = memory->at_user_address(address, length);
    if (found != nullptr) return {};
    return violation(fmt::format("its {}, {} bytes at user address {:#x}, is not in guest memory",
                                 part, length, address));
  };
  // Clause 2.7: split rings have room for the event index whether it is used or not. Clause 2.8:
  // the other two areas of packed rings are event suppression structures.
  const std::uint64_t available_length = packed ? 4 : 6 + 2ULL * size_;
  const std::uint64_t used_length = packed ? 4 : 6 + 8ULL * size_;
  return locate("descriptor table", addresses_.descriptors, 16ULL * size_, setup.descriptors)
      .and_then([&] {
        return locate(packed ? "driver area" : "available ring", addresses_.available,
                      available_length, setup.available);
      })
      .and_then([&] {
        return locate(packed ? "device area" : "used ring", addresses_.used, used_length,
                      setup.used);
      })
      .map([&] { return setup; });
}

}  // namespace hpvmnet::avio_lan
