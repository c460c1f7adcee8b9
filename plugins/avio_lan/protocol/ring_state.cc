#include "avio_lan/protocol/ring_state.h"

#include <bit>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "avio_lan/protocol/features.h"

namespace hpvmnet::avio_lan {
namespace {

constexpr std::uint32_t kLargestSize = 32768;  // virtio 1.2, clause 2.7

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

Status RingState::set_base(std::uint32_t index) {
  if (started_) return violation("its index cannot change while it is started");
  if (index > 0xffff) return violation(fmt::format("an index has 16 bits, {:#x} has more", index));
  base_ = static_cast<std::uint16_t>(index);
  return {};
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
  base_ = 0;
  addresses_ = {};
  enabled_ = false;
  broken_ = false;
}

Result<RingSetup> RingState::setup(const std::shared_ptr<const GuestMemory>& memory,
                                   std::uint64_t features) const {
  if (size_ == 0) return violation("its size has not been set");
  const bool long_header = (features & (feature::version_1 | feature::mergeable)) != 0;
  RingSetup setup{
      .memory = memory,
      .size = size_,
      .next_available = base_,
      .header_length = long_header ? 12U : 10U,  // virtio 1.2, clause 5.1.6.1
      .mergeable = (features & feature::mergeable) != 0,
      .offloads = (features & feature::checksum) != 0,
      .event_index = (features & feature::event_index) != 0,
      .enabled = enabled_,
      .call = call_.get(),
  };
  // Clause 2.7: the rings have room for the event index whether it is used or not.
  const auto locate = [&](std::string_view part, std::uint64_t address, std::uint64_t length,
                          std::byte*& found) -> Status {
    found = memory->at_user_address(address, length);
    if (found != nullptr) return {};
    return violation(fmt::format("its {}, {} bytes at user address {:#x}, is not in guest memory",
                                 part, length, address));
  };
  return locate("descriptor table", addresses_.descriptors, 16ULL * size_, setup.descriptors)
      .and_then([&] {
        return locate("available ring", addresses_.available, 6 + 2ULL * size_, setup.available);
      })
      .and_then([&] { return locate("used ring", addresses_.used, 6 + 8ULL * size_, setup.used); })
      .map([&] { return setup; });
}

}  // namespace hpvmnet::avio_lan
