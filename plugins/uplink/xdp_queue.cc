#include "uplink/xdp_queue.h"

#include <cerrno>
#include <mutex>

#include <linux/if_xdp.h>
#include <poll.h>
#include <sys/socket.h>

#include "frame/copy.h"

namespace hpvmnet::uplink {
namespace {

// Of a kernel that copies: what one system call sends at the most (TX_BATCH_SIZE).
constexpr std::uint32_t kSentAtOnce = 32;

}  // namespace

Result<std::unique_ptr<XdpQueue>> XdpQueue::open(const std::string& interface, std::uint32_t queue,
                                                 Copies copies, std::uint32_t longest) {
  constexpr std::uint32_t kSmallChunk = 2048;
  constexpr std::uint32_t kHeadroom = 256;  // that the kernel takes for itself
  const std::uint32_t chunk = longest + kHeadroom <= kSmallChunk ? kSmallChunk : 2 * kSmallChunk;
  std::unique_ptr<XdpQueue> made(new XdpQueue(chunk));
  const xsk_umem_config memory{
      .fill_size = kRing, .comp_size = kRing, .frame_size = chunk, .frame_headroom = 0, .flags = 0};
  if (const int failed = xsk_umem__create(&made->umem_, &made->memory_[0], made->memory_.size(),
                                          &made->empty_, &made->left_, &memory);
      failed != 0) {
    return system_failure("cannot share memory for AF_XDP", -failed);
  }
  xsk_socket_config socket{};
  socket.rx_size = kRing;
  socket.tx_size = kRing;
  socket.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD;
  socket.bind_flags = static_cast<std::uint16_t>(
      XDP_USE_NEED_WAKEUP | (copies == Copies::none ? XDP_ZEROCOPY : XDP_COPY));
  if (const int failed = xsk_socket__create(&made->socket_, interface.c_str(), queue, made->umem_,
                                            &made->arrived_, &made->leaving_, &socket);
      failed != 0) {
    return system_failure("cannot make an AF_XDP socket for queue " + std::to_string(queue),
                          -failed);
  }
  auto wake_set = host::WakeSet::make(made->descriptor());
  if (!wake_set) return tl::unexpected(wake_set.error());
  made->wake_set_.emplace(*std::move(wake_set));
  std::array<std::uint64_t, kRing> chunks;
  for (std::uint32_t i = 0; i < kRing; ++i) {
    chunks[i] = std::uint64_t{i} * chunk;
    made->free_.push_back(std::uint64_t{kRing + i} * chunk);
  }
  made->fill(chunks);
  return made;
}

XdpQueue::XdpQueue(std::uint32_t chunk) : chunk_(chunk), memory_(std::size_t{kChunks} * chunk) {
  free_.reserve(kRing);
}

XdpQueue::~XdpQueue() {
  xsk_socket__delete(socket_);
  if (umem_ != nullptr) xsk_umem__delete(umem_);
}

void XdpQueue::receive(Burst& burst, Tally& /*tally*/) noexcept {
  wake_set_->disarm();
  std::uint32_t first = 0;
  const auto count = xsk_ring_cons__peek(&arrived_, Burst::kCapacity, &first);
  for (std::uint32_t i = 0; i < count; ++i) {
    const xdp_desc& descriptor = *xsk_ring_cons__rx_desc(&arrived_, first + i);
    const std::byte* bytes = &memory_[descriptor.addr];
    Frame& frame = burst.next();
    frame.offload = {};
    frame.buffer_count = 1;
    const std::uint32_t head = std::min(descriptor.len, Frame::kHeadCapacity);
    copy_short(frame.head.data(), bytes, head);
    frame.set_contiguous(descriptor.len, bytes + head);
    burst.push();
    lent_[lent_count_++] = descriptor.addr;
  }
  xsk_ring_cons__release(&arrived_, count);
}

void XdpQueue::release() noexcept {
  fill(std::span(lent_).first(lent_count_));
  lent_count_ = 0;
}

// There is always room: the ring has an entry for each chunk that is for arriving frames.
void XdpQueue::fill(std::span<const std::uint64_t> chunks) noexcept {
  if (chunks.empty()) return;
  const auto count = static_cast<std::uint32_t>(chunks.size());
  std::uint32_t first = 0;
  xsk_ring_prod__reserve(&empty_, count, &first);
  for (std::uint32_t i = 0; i < count; ++i) {
    *xsk_ring_prod__fill_addr(&empty_, first + i) = chunks[i] / chunk_ * chunk_;
  }
  xsk_ring_prod__submit(&empty_, count);
  if (xsk_ring_prod__needs_wakeup(&empty_) != 0) {
    ::recvfrom(descriptor(), nullptr, 0, MSG_DONTWAIT, nullptr, nullptr);
  }
}

Wait XdpQueue::park() noexcept {
  if (xsk_cons_nb_avail(&arrived_, 1) > 0) return Wait::nothing;
  return wake_set_->arm_for_sleep() ? Wait::input : Wait::nothing;
}

void XdpQueue::send(std::span<const Frame* const> frames, Tally& tally) noexcept {
  const std::lock_guard guard(sending_);
  if (free_.size() < frames.size()) reclaim();
  std::uint64_t bytes = 0;
  std::uint32_t sent = 0;
  for (const Frame* frame : frames) {
    if (frame->length > chunk_) {
      tally.drop(Drop::mtu);
      continue;
    }
    std::uint32_t place = 0;
    if (free_.empty() || xsk_ring_prod__reserve(&leaving_, 1, &place) != 1) {
      tally.drop(Drop::no_buffer);
      continue;
    }
    xdp_desc& descriptor = *xsk_ring_prod__tx_desc(&leaving_, place);
    descriptor = {.addr = free_.back(), .len = frame->length, .options = 0};
    free_.pop_back();
    copy_frame(&memory_[descriptor.addr], *frame);
    bytes += frame->length;
    ++sent;
  }
  if (sent == 0) return;
  xsk_ring_prod__submit(&leaving_, sent);
  under_way_ += sent;
  transmit();
  tally.egress_frames.add(sent);
  tally.egress_bytes.add(bytes);
  tally.egress_bursts.add(1);
}

// A kernel that copies sends within the system call, some frames at a time.
void XdpQueue::transmit() noexcept {
  for (std::uint32_t calls = 0; calls <= under_way_ / kSentAtOnce; ++calls) {
    if (xsk_ring_prod__needs_wakeup(&leaving_) == 0) break;
    const auto sent = ::sendto(descriptor(), nullptr, 0, MSG_DONTWAIT, nullptr, 0);
    if (sent < 0 && errno != EAGAIN) break;
  }
  reclaim();
}

void XdpQueue::reclaim() noexcept {
  std::uint32_t first = 0;
  const std::uint32_t count = xsk_ring_cons__peek(&left_, kRing, &first);
  for (std::uint32_t i = 0; i < count; ++i) {
    free_.push_back(*xsk_ring_cons__comp_addr(&left_, first + i));
  }
  xsk_ring_cons__release(&left_, count);
  under_way_ -= count;
}

}  // namespace hpvmnet::uplink
