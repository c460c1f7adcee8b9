#include "lan/stream_egress.h"

#include <cerrno>
#include <mutex>
#include <utility>

#include <sys/socket.h>

#include "lan/gathering.h"
#include "lan/patience.h"

namespace hpvmnet::lan {

StreamEgress::StreamEgress(int socket, host::WakeSet wake_set, Ending& ending)
    : socket_(socket), ending_(ending), wake_set_(std::move(wake_set)), kept_(kLongestRecord) {}

void StreamEgress::arm() noexcept {
  const std::lock_guard guard(lock_);
  expect(wake_set_.arm(waiting_.load(std::memory_order_relaxed)));
}

void StreamEgress::disarm() noexcept {
  const std::lock_guard guard(lock_);
  expect(wake_set_.disarm());
}

void StreamEgress::send(std::span<const Frame* const> frames, Tally& tally) noexcept {
  const std::lock_guard guard(lock_);
  Patience patience(stalled_);
  std::size_t done = 0;
  do {
    if (flush_kept()) done += write(frames.subspan(done));
  } while (done < frames.size() && !ending_.happened() && patience.left());
  stalled_ = done < frames.size();
  watch_space(kept_begin_ < kept_end_);

  std::uint64_t bytes = 0;
  for (const Frame* frame : frames.first(done)) bytes += frame->length;
  tally.egress_frames.add(done);
  tally.egress_bytes.add(bytes);
  if (done > 0) tally.egress_bursts.add(1);
  if (stalled_) {
    tally.drop(ending_.happened() ? Drop::peer_lost : Drop::no_buffer, frames.size() - done);
  }
}

void StreamEgress::flush() noexcept {
  if (!waiting_.load(std::memory_order_relaxed)) return;
  const std::lock_guard guard(lock_);
  if (flush_kept()) watch_space(false);
}

// Returns how many frames are done with. Nothing may be kept.
std::size_t StreamEgress::write(std::span<const Frame* const> frames) noexcept {
  Gathering gathering;
  const std::size_t gathered = gathering.add(frames);
  if (gathered == 0) {
    keep(*frames.front(), 0);
    flush_kept();
    return 1;
  }
  msghdr message{};
  message.msg_iov = gathering.pieces().data();
  message.msg_iovlen = gathering.pieces().size();
  const ssize_t written = ::sendmsg(socket_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (written < 0) {
    failed(errno);
    return 0;
  }
  return take(frames.first(gathered), static_cast<std::size_t>(written));
}

// `bytes` of the records of `frames` have been written: keeps the rest of a frame that was cut.
std::size_t StreamEgress::take(std::span<const Frame* const> frames, std::size_t bytes) noexcept {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::size_t record = kPrefixLength + frames[i]->length;
    if (bytes >= record) {
      bytes -= record;
      continue;
    }
    if (bytes == 0) return i;
    keep(*frames[i], bytes);
    return i + 1;
  }
  return frames.size();
}

void StreamEgress::keep(const Frame& frame, std::size_t written) noexcept {
  encode(frame, &kept_[0]);
  kept_begin_ = written;
  kept_end_ = kPrefixLength + frame.length;
}

// Returns whether nothing is kept any longer.
bool StreamEgress::flush_kept() noexcept {
  while (kept_begin_ < kept_end_) {
    const ssize_t written =
        ::send(socket_, &kept_[kept_begin_], kept_end_ - kept_begin_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (written < 0) return failed(errno);
    kept_begin_ += static_cast<std::size_t>(written);
  }
  return true;
}

// Always false: nothing was written. Lack of room or memory is for the caller to wait for.
bool StreamEgress::failed(int number) noexcept {
  switch (number) {
    case EAGAIN:
    case EINTR:
    case ENOBUFS:
    case ENOMEM:
      break;
    case EPIPE:
    case ECONNRESET:
      ending_.closed_by_peer();
      break;
    default:
      ending_.failed(number);
  }
  return false;
}

void StreamEgress::watch_space(bool wanted) noexcept {
  if (waiting_.load(std::memory_order_relaxed) == wanted) return;
  waiting_.store(wanted, std::memory_order_relaxed);
  expect(wake_set_.want_space(wanted));
}

// A socket that cannot be waited for is of no use.
void StreamEgress::expect(int error) noexcept {
  if (error != 0) ending_.failed(error);
}

}  // namespace hpvmnet::lan
