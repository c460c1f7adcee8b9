#include "bench/fixed_ring.h"

#include <cstring>
#include <utility>

#include "avio_lan/ring/descriptor.h"

namespace hpvmnet::bench {
namespace {

constexpr std::uint64_t kPage = 4096;

}  // namespace

FixedRing::FixedRing(test::GuestRam& ram, const Options& options) : options_(options) {
  using avio_lan::Descriptor;
  const std::uint64_t size = options.size;
  descriptors_ = ram.at(ram.allocate(avio_lan::kDescriptorSize * size, kPage));
  available_ = ram.at(ram.allocate(6 + 2 * size, kPage));
  used_ = ram.at(ram.allocate(6 + 8 * size, kPage));
  const std::uint64_t buffers = ram.allocate(options.buffer_stride * size, kPage);
  buffers_ = ram.at(buffers);
  for (std::uint32_t i = 0; i < size; ++i) {
    const std::uint16_t flags = options.device_writes ? Descriptor::kWrite : 0;
    const Descriptor descriptor{buffers + std::uint64_t{options.buffer_stride} * i,
                                options.buffer_size, flags, 0};
    std::memcpy(descriptors_ + avio_lan::kDescriptorSize * i, &descriptor, sizeof descriptor);
    const auto head = static_cast<std::uint16_t>(i);
    std::memcpy(available_ + 4 + 2ULL * i, &head, sizeof head);
  }
}

avio_lan::RingSetup FixedRing::setup(std::shared_ptr<const avio_lan::GuestMemory> memory) const {
  avio_lan::RingSetup setup;
  setup.memory = std::move(memory);
  setup.descriptors = descriptors_;
  setup.available = available_;
  setup.used = used_;
  setup.size = options_.size;
  setup.mergeable = true;
  setup.offloads = true;
  return setup;
}

}  // namespace hpvmnet::bench
