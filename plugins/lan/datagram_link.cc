#include "lan/datagram_link.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <mutex>

#include "frame/copy.h"
#include "lan/lend.h"
#include "lan/patience.h"
#include "lan/unix_socket.h"

namespace hpvmnet::lan {
namespace {

// Frames as datagrams: a message and a run of memory pieces each. Large and never initialised:
// meant for the stack of one call.
struct Datagrams {
  static constexpr std::size_t kPieces = IOV_MAX;

  Datagrams() noexcept {}  // NOLINT(modernize-use-equals-default)

  // Adds frames from the front while they fit, and returns how many.
  std::size_t add(std::span<const Frame* const> frames) noexcept;
  void add_message(iovec* first, std::size_t count) noexcept {
    messages[size] = {};
    messages[size].msg_hdr.msg_iov = first;
    messages[size++].msg_hdr.msg_iovlen = count;
  }

  std::size_t size = 0;
  std::array<mmsghdr, Burst::kCapacity> messages;
  std::array<iovec, kPieces> pieces;
};

iovec piece(const std::byte* data, std::size_t length) noexcept {
  return {const_cast<std::byte*>(data), length};  // the kernel only reads it
}

std::size_t Datagrams::add(std::span<const Frame* const> frames) noexcept {
  std::size_t used = 0;
  for (const Frame* frame : frames.first(std::min(frames.size(), messages.size()))) {
    if (frame->part_count >= kPieces - used) break;
    iovec* first = &pieces[used];
    pieces[used++] = piece(frame->head.data(), frame->head_length);
    for (const Part& part : frame->rest()) pieces[used++] = piece(part.data, part.length);
    add_message(first, 1 + frame->part_count);
  }
  return size;
}

}  // namespace

DatagramLink::DatagramLink(DatagramEnd& end, Signal& ended)
    : Link(ended), end_(end), slots_(Burst::kCapacity * kSlotSize), flat_(Frame::kMaxLength) {}

void DatagramLink::receive(Burst& burst, Tally& tally) noexcept {
  if (!rest_.is_over()) return;
  std::array<mmsghdr, Burst::kCapacity> messages;
  const int count = read(messages);
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const std::size_t length = messages[index].msg_len;
    if (length <= Frame::kMaxLength) {
      lend({slot(index), length}, burst);
    } else {
      tally.ingress_frames.add(1);
      tally.ingress_bytes.add(length);
      tally.drop(Drop::oversize);
    }
  }
}

Wait DatagramLink::park() noexcept {
  if (ending().happened() || !input_waits(end_.socket())) return Wait::input;
  rest_.end();
  return Wait::nothing;
}

// The peer's leaving shows here only where it had something to do with us; the control thread looks
// from time to time.
int DatagramLink::read(std::span<mmsghdr> messages) noexcept {
  std::array<iovec, Burst::kCapacity> pieces;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    pieces[i] = {slot(i), kSlotSize};
    messages[i] = {};
    messages[i].msg_hdr.msg_iov = &pieces[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  int got = 0;
  do {
    got = ::recvmmsg(end_.socket(), messages.data(), static_cast<unsigned>(messages.size()),
                     MSG_DONTWAIT | MSG_TRUNC, nullptr);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    failed(errno);
    rest_.begin();
  }
  return got;
}

void DatagramLink::send(std::span<const Frame* const> frames, Tally& tally) noexcept {
  const std::lock_guard guard(lock_);
  Patience patience(stalled_);
  std::size_t done = 0;  // frames that need no more attention
  std::size_t sent = 0;  // those of them that left
  std::uint64_t bytes = 0;
  Outcome outcome = Outcome::sent;
  do {
    std::size_t written = 0;
    outcome = write(frames.subspan(done), written);
    for (const Frame* frame : frames.subspan(done, written)) bytes += frame->length;
    done += written;
    sent += written;
    if (outcome == Outcome::too_long) {
      tally.drop(Drop::buffer_too_small);
      ++done;
    }
  } while (done < frames.size() && !ending().happened() &&
           (outcome != Outcome::no_room || patience.left()));
  stalled_ = outcome == Outcome::no_room;

  tally.egress_frames.add(sent);
  tally.egress_bytes.add(bytes);
  if (sent > 0) tally.egress_bursts.add(1);
  if (done < frames.size()) {
    tally.drop(ending().happened() ? Drop::peer_lost : Drop::no_buffer, frames.size() - done);
  }
}

DatagramLink::Outcome DatagramLink::write(std::span<const Frame* const> frames,
                                          std::size_t& written) noexcept {
  Datagrams datagrams;
  iovec whole{};
  if (datagrams.add(frames) == 0) {
    copy_frame(&flat_[0], *frames.front());
    whole = piece(&flat_[0], frames.front()->length);
    datagrams.add_message(&whole, 1);
  }
  const int count = ::sendmmsg(end_.socket(), datagrams.messages.data(),
                               static_cast<unsigned>(datagrams.size), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0) return failed(errno);
  written = static_cast<std::size_t>(count);
  return Outcome::sent;
}

DatagramLink::Outcome DatagramLink::failed(int number) noexcept {
  switch (number) {
    case EAGAIN:
    case EINTR:
    case ENOBUFS:
    case ENOMEM:
      return Outcome::no_room;
    case EMSGSIZE:
      return Outcome::too_long;
    case ECONNREFUSED:
    case ECONNRESET:
    case ENOENT:
    case ENOTCONN:
    case EPIPE:
      ending().closed_by_peer();
      return Outcome::no_room;
    default:
      ending().failed(number);
      return Outcome::no_room;
  }
}

}  // namespace hpvmnet::lan
