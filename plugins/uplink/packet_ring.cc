#include "uplink/packet_ring.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "host/lend.h"

namespace hpvmnet::uplink {
namespace {

constexpr std::uint32_t kHeader = sizeof(Offload);  // virtio_net_hdr without the number of buffers
constexpr std::size_t kShortest = kAddressesLength + 2;
constexpr std::uint32_t kLine = 64;

constexpr std::uint32_t round_up(std::uint32_t size, std::uint32_t multiple) noexcept {
  return (size + multiple - 1) / multiple * multiple;
}

// What is in a slot before the packet that a frame carries, as the kernel lays it out.
constexpr std::uint32_t kOverhead =
    sizeof(tpacket2_hdr) + sizeof(sockaddr_ll) + TPACKET_ALIGNMENT + 16 + kHeader + 2 * kTagLength;

using Description = tpacket2_hdr;

Description& description(std::byte* slot) noexcept { return *reinterpret_cast<Description*>(slot); }

// The kernel and this process hand a slot to each other by it.
std::atomic_ref<std::uint32_t> owner_of(std::byte* slot) noexcept {
  return std::atomic_ref(description(slot).tp_status);
}

host::AsideTag tag_of(const Description& frame, std::uint32_t status) noexcept {
  if ((status & TP_STATUS_VLAN_VALID) == 0) return {};
  const bool type_given = (status & TP_STATUS_VLAN_TPID_VALID) != 0;
  return {type_given ? frame.tp_vlan_tpid : kCustomerTag, frame.tp_vlan_tci};
}

std::optional<Drop> refuse(std::size_t length) noexcept {
  if (length < kShortest) return Drop::runt;
  if (length > Frame::kMaxLength - kTagLength) return Drop::oversize;
  return {};
}

}  // namespace

void PacketRing::Unmap::operator()(std::byte* memory) const noexcept { ::munmap(memory, size); }

Result<std::unique_ptr<PacketRing>> PacketRing::make(const Fd& socket, std::uint32_t mtu) {
  const std::uint32_t slot_size = round_up(mtu + kOverhead, kLine);
  const std::uint32_t size = kSlots * slot_size;
  static_assert(kSlots % 64 == 0);  // so that it is whole pages
  const tpacket_req request{
      .tp_block_size = size, .tp_block_nr = 1, .tp_frame_size = slot_size, .tp_frame_nr = kSlots};
  const auto set = [&](int option, const auto& value) {
    return ::setsockopt(socket.get(), SOL_PACKET, option, &value, sizeof value) == 0;
  };
  constexpr int kVersion = TPACKET_V2;
  constexpr int kQueueLonger = 1;
  if (!set(PACKET_VERSION, kVersion) || !set(PACKET_COPY_THRESH, kQueueLonger) ||
      !set(PACKET_RX_RING, request)) {
    return system_failure("cannot make the ring of a packet socket", errno);
  }
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, socket.get(), 0);
  if (memory == MAP_FAILED) {
    return system_failure("cannot map the ring of a packet socket", errno);
  }
  return std::unique_ptr<PacketRing>(new PacketRing(
      socket.get(), Mapping(static_cast<std::byte*>(memory), Unmap{size}), slot_size));
}

PacketRing::PacketRing(int socket, Mapping memory, std::uint32_t slot_size)
    : socket_(socket),
      memory_(std::move(memory)),
      slot_size_(slot_size),
      longer_(Burst::kCapacity * kLongSlotSize) {}

std::byte* PacketRing::slot(std::uint32_t offset) const noexcept {
  return memory_.get() + std::size_t{(first_ + offset) % kSlots} * slot_size_;
}

bool PacketRing::waiting() const noexcept {
  return owner_of(slot(taken_)).load(std::memory_order_acquire) != TP_STATUS_KERNEL;
}

void PacketRing::receive(Burst& burst, Tally& tally) noexcept {
  while (burst.room() > 0) {
    std::byte* const at = slot(taken_);
    const std::uint32_t status = owner_of(at).load(std::memory_order_acquire);
    if ((status & TP_STATUS_USER) == 0) return;
    ++taken_;
    const Description& frame = description(at);
    std::span<const std::byte> bytes(at + frame.tp_mac, frame.tp_snaplen);
    Offload offload;
    std::memcpy(&offload, bytes.data() - kHeader, kHeader);
    if (frame.tp_snaplen < frame.tp_len) [[unlikely]] {
      bytes = {};
      if ((status & TP_STATUS_COPY) != 0) bytes = fetch(burst.size(), offload);
      if (bytes.empty()) {
        tally.ingress_frames.add(1);
        tally.drop(Drop::no_buffer);
        continue;
      }
    }
    if (const std::optional<Drop> refusal = refuse(bytes.size())) [[unlikely]] {
      tally.ingress_frames.add(1);
      tally.drop(*refusal);
      continue;
    }
    host::lend(offload, bytes, tag_of(frame, status), burst);
  }
}

// The frame whose turn it is on the socket's queue; nothing where there is none.
std::span<const std::byte> PacketRing::fetch(std::size_t place, Offload& offload) noexcept {
  std::byte* const to = &longer_[place * kLongSlotSize];
  const ssize_t length = ::recv(socket_, to, kLongSlotSize, MSG_DONTWAIT);
  if (length < static_cast<ssize_t>(kHeader)) return {};
  std::memcpy(&offload, to, kHeader);
  return {to + kHeader, static_cast<std::size_t>(length) - kHeader};
}

void PacketRing::release() noexcept {
  for (; taken_ > 0; --taken_) {
    owner_of(slot(0)).store(TP_STATUS_KERNEL, std::memory_order_release);
    first_ = (first_ + 1) % kSlots;
  }
}

}  // namespace hpvmnet::uplink
