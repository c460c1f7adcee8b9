#include "host/tap_queue.h"

#include <array>
#include <cerrno>
#include <climits>

#include <poll.h>
#include <sys/uio.h>
#include <unistd.h>

#include "host/lend.h"

namespace hpvmnet::host {
namespace {

constexpr std::size_t kHeader = 12;  // virtio_net_hdr, as a Frame begins
// Not a power of two, for which all frames would share the same few sets of the caches.
constexpr std::size_t kSlotSize = 68 * 1024;
static_assert(kSlotSize >= kHeader + Frame::kMaxLength);

}  // namespace

TapQueue::TapQueue(int descriptor)
    : descriptor_(descriptor), slots_(Burst::kCapacity * kSlotSize) {}

void TapQueue::receive(Burst& burst, Tally& tally) noexcept {
  if (!rest_.is_over()) return;
  while (burst.room() > 0) {
    std::byte* const slot = &slots_[burst.size() * kSlotSize];
    const ssize_t length = ::read(descriptor_, slot, kSlotSize);
    if (length < static_cast<ssize_t>(kHeader + sizeof(std::uint64_t) * 2)) {
      rest_.begin();
      return;
    }
    const std::span<const std::byte> bytes(slot + kHeader,
                                           static_cast<std::size_t>(length) - kHeader);
    if (bytes.size() > Frame::kMaxLength) {
      tally.drop(Drop::oversize);
      continue;
    }
    Offload offload;
    std::memcpy(&offload, slot, sizeof offload);
    lend(offload, bytes, {}, burst);
  }
}

void TapQueue::send(std::span<const Frame* const> frames, Tally& tally) noexcept {
  std::uint64_t bytes = 0;
  std::size_t sent = 0;
  for (const Frame* frame : frames) {
    if (!write(*frame, tally)) continue;
    bytes += frame->length;
    ++sent;
  }
  if (sent == 0) return;
  tally.egress_frames.add(sent);
  tally.egress_bytes.add(bytes);
  tally.egress_bursts.add(1);
}

bool TapQueue::write(const Frame& frame, Tally& tally) noexcept {
  std::array<iovec, IOV_MAX> pieces;
  if (frame.part_count >= pieces.size()) {
    tally.drop(Drop::scattered);
    return false;
  }
  const auto piece = [](const std::byte* data, std::size_t length) {
    return iovec{const_cast<std::byte*>(data), length};  // the kernel only reads it
  };
  std::size_t count = 0;
  pieces[count++] = piece(frame.image(), kHeader + frame.head_length);
  for (const Part& part : frame.rest()) pieces[count++] = piece(part.data, part.length);
  if (::writev(descriptor_, pieces.data(), static_cast<int>(count)) > 0) return true;
  const bool no_room = errno == EAGAIN || errno == ENOMEM || errno == ENOBUFS;
  tally.drop(no_room ? Drop::no_buffer : Drop::link_down);
  return false;
}

// A tap that has gone reports an error for ever: that is for the control thread to see.
Wait TapQueue::park() noexcept {
  pollfd look{descriptor_, POLLIN, 0};
  if (::poll(&look, 1, 0) != 1 || look.revents != POLLIN) return Wait::input;
  rest_.end();
  return Wait::nothing;
}

}  // namespace hpvmnet::host
