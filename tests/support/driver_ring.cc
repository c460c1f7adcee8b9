#include "support/driver_ring.h"

#include <atomic>
#include <cerrno>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "support/packed_driver_ring.h"
#include "support/split_driver_ring.h"

namespace hpvmnet::test {
namespace {

constexpr std::uint64_t kDescriptorSize = 16;

Fd make_eventfd() {
  Fd made(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!made) throw std::system_error(errno, std::generic_category(), "eventfd");
  return made;
}

}  // namespace

std::unique_ptr<DriverRing> DriverRing::make(GuestRam& ram, const Options& options, bool packed) {
  if (packed) return std::make_unique<PackedDriverRing>(ram, options);
  return std::make_unique<SplitDriverRing>(ram, options);
}

DriverRing::DriverRing(GuestRam& ram, const Options& options, Part available, Part used)
    : ram_(ram),
      size_(options.size),
      event_index_(options.event_index),
      region_(options.region),
      available_(available),
      used_(used),
      descriptors_at_(ram.allocate(kDescriptorSize * size_, kDescriptorSize, region_)),
      available_at_(ram.allocate(available.size, available.alignment, region_)),
      used_at_(ram.allocate(used.size, used.alignment, region_)),
      tables_(size_) {
  renew_descriptors();
}

void DriverRing::renew_descriptors() {
  kick_ = make_eventfd();
  call_ = make_eventfd();
}

void DriverRing::clear() {
  std::memset(ram_.at(descriptors_at_, kDescriptorSize * size_), 0, kDescriptorSize * size_);
  std::memset(ram_.at(available_at_, available_.size), 0, available_.size);
  std::memset(ram_.at(used_at_, used_.size), 0, used_.size);
}

std::uint64_t DriverRing::table_for(std::uint16_t head, std::size_t entries) {
  Table& table = tables_[head];
  if (table.capacity < entries) {
    table = {ram_.allocate(kDescriptorSize * entries, kDescriptorSize, region_), entries};
  }
  return table.at;
}

void DriverRing::kick() {
  const std::uint64_t one = 1;
  ++kicks_;
  if (::write(kick_.get(), &one, sizeof one) < 0 && errno != EAGAIN) {
    throw std::system_error(errno, std::generic_category(), "kick");
  }
}

bool DriverRing::wait(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  request_interrupts();
  while (!collectable()) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waited{call_.get(), POLLIN, 0};
    ::poll(&waited, 1, static_cast<int>(left.count()));
    if (waited.revents != 0) interrupts();
  }
  suppress_interrupts();
  return true;
}

std::uint64_t DriverRing::interrupts() {
  std::uint64_t count = 0;
  return ::read(call_.get(), &count, sizeof count) == sizeof count ? count : 0;
}

std::uint16_t DriverRing::load(std::uint64_t guest) const {
  auto* word = reinterpret_cast<std::uint16_t*>(ram_.at(guest, 2));
  return std::atomic_ref(*word).load(std::memory_order_acquire);
}

void DriverRing::store(std::uint64_t guest, std::uint16_t value) {
  auto* word = reinterpret_cast<std::uint16_t*>(ram_.at(guest, 2));
  std::atomic_ref(*word).store(value, std::memory_order_release);
}

}  // namespace hpvmnet::test
