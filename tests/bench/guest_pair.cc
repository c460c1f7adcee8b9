#include "bench/guest_pair.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "avio_lan/ring/egress_ring.h"
#include "avio_lan/ring/ingress_ring.h"
#include "bench/fixed_ring.h"
#include "switch/pipeline.h"

namespace hpvmnet::bench {
namespace {

constexpr std::uint64_t kMemory = 64U << 20;
constexpr std::uint32_t kHeaderLength = 12;
constexpr std::uint64_t kSeed = 0x9e37'79b9'7f4a'7c15;
constexpr std::uint32_t kNow = 1;  // second of the only moment that there is

std::uint32_t stride_of(std::uint32_t length) {
  return length + kHeaderLength <= 2048 ? 2048 : 9216;
}

std::uint64_t station(unsigned guest, std::uint32_t number) {
  return 0x02'00'00'00'00'00 | std::uint64_t{guest} << 32 | number;
}

void write_address(std::byte* to, std::uint64_t mac) {
  for (unsigned i = 0; i < 6; ++i) to[i] = static_cast<std::byte>(mac >> (8 * (5 - i)));
}

std::shared_ptr<const avio_lan::GuestMemory> table_of(const test::GuestRam& ram) {
  const test::GuestRam::Region& region = ram.region(0);
  auto memory =
      avio_lan::GuestMemory::make({{region.guest, region.size, region.user, region.host, nullptr}});
  if (!memory) throw std::runtime_error(memory.error().text);
  return *memory;
}

class NoSignal final : public Signal {
 public:
  void raise() noexcept override {}
};

}  // namespace

// A guest's memory, its rings and the port's.
class GuestPair::Guest final : public Port {
 public:
  explicit Guest(const Load& load)
      : transmit_(ram_,
                  {load.ring_size, kHeaderLength + load.length, stride_of(load.length), false}),
        receive_(ram_, {load.ring_size, stride_of(load.length), stride_of(load.length), true}),
        ingress_(
            avio_lan::IngressRing::make(fault_, interrupter_, transmit_.setup(table_of(ram_)))),
        egress_(avio_lan::EgressRing::make(fault_, interrupter_, receive_.setup(table_of(ram_)))) {}

  FixedRing& transmit_ring() noexcept { return transmit_; }
  FixedRing& receive_ring() noexcept { return receive_; }

  void receive(QueueId, Burst& burst, Tally& tally) noexcept override {
    ingress_->receive(burst, tally);
  }
  void release(QueueId) noexcept override { ingress_->release(); }
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override {
    egress_->send(frames, tally);
  }
  Wait park(QueueId) noexcept override { return ingress_->park(); }

  Tally counted;

 private:
  test::GuestRam ram_{{{0, kMemory}}};
  FixedRing transmit_;
  FixedRing receive_;
  NoSignal fault_;
  avio_lan::EventSignaller signaller_;
  avio_lan::Interrupter interrupter_{signaller_};
  std::unique_ptr<avio_lan::IngressRing> ingress_;
  std::unique_ptr<avio_lan::EgressRing> egress_;
};

GuestPair::GuestPair(const Load& load)
    : macs_(kSeed),
      sender_(std::make_unique<Guest>(load)),
      receiver_(std::make_unique<Guest>(load)) {
  vswitch_.up = true;
  vswitch_.macs = &macs_;
  vswitch_.index_of.fill(VswitchView::kAbsent);
  for (Guest* guest : {sender_.get(), receiver_.get()}) {
    const auto number = static_cast<std::uint16_t>(vswitch_.ports.size());
    vswitch_.index_of[number] = number;
    vswitch_.ports.push_back({guest, &guest->counted, number, kNoVlan, 0});
  }
  queue_.vswitch = &vswitch_;
  for (std::uint32_t i = 0; i < load.ring_size; ++i) {
    const std::uint32_t number = i % load.stations;
    std::byte* frame = sender_->transmit_ring().buffer(i) + kHeaderLength;
    write_address(frame, station(1, number));
    write_address(frame + 6, station(0, number));
    macs_.learn(macs_.key(station(0, number), kNoVlan), 0, kNow);
    macs_.learn(macs_.key(station(1, number), kNoVlan), 1, kNow);
  }
  macs_.sweep(kNow);
}

GuestPair::~GuestPair() = default;

void GuestPair::offer(std::uint32_t frames) noexcept {
  receiver_->receive_ring().offer_all();
  sender_->transmit_ring().offer(frames);
}

bool GuestPair::move() noexcept { return move_burst(queue_, burst_, 0, kNow); }

std::uint64_t GuestPair::received() const noexcept {
  return receiver_->counted.egress_frames.get();
}

}  // namespace hpvmnet::bench
