#include "offload/lowering.h"

#include <algorithm>

#include "frame/copy.h"
#include "offload/checksum.h"

namespace hpvmnet {
namespace {

// Zero would mean "no checksum" in UDP; Linux writes its other form whatever the protocol.
constexpr std::uint16_t kMangledZero = 0xffff;

std::uint16_t raw16(const std::byte* at) noexcept {
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

void store_raw16(std::byte* at, std::uint16_t value) noexcept {
  std::memcpy(at, &value, sizeof value);
}

void add_from(Checksum& sum, const Frame& frame, std::uint32_t start) noexcept {
  sum.add(std::span(frame.head).subspan(start, frame.head_length - start));
  for (const Part& part : frame.rest()) sum.add({part.data, part.length});
}

}  // namespace

Lowering::Lowering(const Frame& whole) noexcept
    : whole_(whole),
      layers_(whole.offload.segmentation == Offload::kNone ? std::nullopt : find_layers(whole)),
      begin_(layers_ ? layers_->payload : 0),
      place_{0, begin_} {}

Lowering::Step Lowering::next(Frame& made, std::span<Part> room) noexcept {
  if (last_) return Step::done;
  const std::uint32_t left = whole_.length - begin_ - done_;
  const std::uint32_t length =
      layers_ ? std::min<std::uint32_t>(whole_.offload.segment_size, left) : left;
  if (!fill(made, length, room)) return Step::full;
  last_ = length == left;
  if (layers_) {
    finish_segment(made);
  } else {
    complete_checksum(made);
  }
  done_ += length;
  ++number_;
  return Step::made;
}

// The next run of at most so many bytes.
std::span<const std::byte> Lowering::take(Place& from, std::uint32_t most) const noexcept {
  for (;;) {
    const auto piece = from.piece == 0 ? std::span(whole_.head).first(whole_.head_length)
                                       : std::span(whole_.parts[from.piece - 1].data,
                                                   whole_.parts[from.piece - 1].length);
    if (from.offset == piece.size()) {
      from = {from.piece + 1, 0};
      continue;
    }
    const auto run =
        piece.subspan(from.offset, std::min<std::size_t>(most, piece.size() - from.offset));
    from.offset += static_cast<std::uint32_t>(run.size());
    return run;
  }
}

// The headers, as they were, and `length` bytes of what follows them.
bool Lowering::fill(Frame& made, std::uint32_t length, std::span<Part> room) noexcept {
  Place from = place_;
  made.offload = {};
  made.length = begin_ + length;
  made.head_length = std::min(made.length, Frame::kHeadCapacity);
  copy_bytes(made.head.data(), whole_.head.data(), begin_);
  for (std::uint32_t at = begin_; at < made.head_length;) {
    const auto run = take(from, made.head_length - at);
    copy_bytes(made.head.data() + at, run.data(), run.size());
    at += static_cast<std::uint32_t>(run.size());
  }
  made.parts = room.data();
  made.part_count = 0;
  for (std::uint32_t left = made.length - made.head_length; left > 0;) {
    if (made.part_count == room.size()) return false;
    const auto run = take(from, left);
    left -= static_cast<std::uint32_t>(run.size());
    room[made.part_count++] = {run.data(), static_cast<std::uint32_t>(run.size())};
  }
  place_ = from;
  return true;
}

void Lowering::finish_segment(Frame& made) const noexcept {
  finish_ip(made);
  if (layers_->protocol == kProtocolTcp) {
    finish_tcp(made);
  } else {
    finish_udp(made);
  }
}

void Lowering::finish_ip(Frame& made) const noexcept {
  std::byte* ip = made.head.data() + layers_->network;
  const std::uint32_t length = made.length - layers_->network;
  if (layers_->ipv6) {
    constexpr std::uint32_t kHeader = 40;
    store16(ip + 4, static_cast<std::uint16_t>(length - kHeader));
    return;
  }
  store16(ip + 2, static_cast<std::uint16_t>(length));
  store16(ip + 4, static_cast<std::uint16_t>(load16(ip + 4) + number_));
  store16(ip + 10, 0);
  Checksum sum;
  sum.add({ip, layers_->transport - layers_->network});
  store_raw16(ip + 10, static_cast<std::uint16_t>(~sum.fold()));
}

// Fields that differ between the segments of one frame: RFC 9293; for the last two, RFC 3168.
void Lowering::finish_tcp(Frame& made) const noexcept {
  constexpr std::uint8_t kFin = 0x01;
  constexpr std::uint8_t kPush = 0x08;
  constexpr std::uint8_t kCongestionWindowReduced = 0x80;
  std::byte* tcp = made.head.data() + layers_->transport;
  store32(tcp + 4, load32(tcp + 4) + done_);
  auto flags = static_cast<std::uint8_t>(tcp[13]);
  if (!last_) flags &= static_cast<std::uint8_t>(~(kFin | kPush));
  if (number_ > 0) flags &= static_cast<std::uint8_t>(~kCongestionWindowReduced);
  tcp[13] = static_cast<std::byte>(flags);

  // The field holds the sum of the pseudo header, which counts the length of the whole.
  Checksum sum;
  sum.remove_word(
      __builtin_bswap16(static_cast<std::uint16_t>(whole_.length - layers_->transport)));
  sum.add_word(__builtin_bswap16(static_cast<std::uint16_t>(made.length - layers_->transport)));
  add_from(sum, made, layers_->transport);
  store_raw16(tcp + 16, static_cast<std::uint16_t>(~sum.fold()));
}

void Lowering::finish_udp(Frame& made) const noexcept {
  std::byte* udp = made.head.data() + layers_->transport;
  const std::uint16_t whole_length =
      __builtin_bswap16(static_cast<std::uint16_t>(whole_.length - layers_->transport));
  store16(udp + 4, static_cast<std::uint16_t>(made.length - layers_->transport));
  Checksum sum;
  sum.remove_word(whole_length);
  sum.add_word(raw16(udp + 4));
  add_from(sum, made, layers_->transport);
  const auto checksum = static_cast<std::uint16_t>(~sum.fold());
  store_raw16(udp + 6, checksum == 0 ? kMangledZero : checksum);
}

void Lowering::complete_checksum(Frame& made) const noexcept {
  const Offload& asked = whole_.offload;
  Checksum sum;
  add_from(sum, made, asked.checksum_start);
  const auto checksum = static_cast<std::uint16_t>(~sum.fold());
  store_raw16(made.head.data() + asked.checksum_start + asked.checksum_offset,
              checksum == 0 ? kMangledZero : checksum);
}

}  // namespace hpvmnet
