#include "frame/copy.h"

#include "frame/prefetch.h"

namespace hpvmnet {
namespace {

constexpr std::size_t kAhead = 16 * kCacheLine;  // of what is read

void stream_line(std::byte* to, const std::byte* from) noexcept {
  const auto* in = reinterpret_cast<const __m128i*>(from);
  auto* out = reinterpret_cast<__m128i*>(to);
  const __m128i first = _mm_loadu_si128(in);
  const __m128i second = _mm_loadu_si128(in + 1);
  const __m128i third = _mm_loadu_si128(in + 2);
  const __m128i fourth = _mm_loadu_si128(in + 3);
  _mm_stream_si128(out, first);
  _mm_stream_si128(out + 1, second);
  _mm_stream_si128(out + 2, third);
  _mm_stream_si128(out + 3, fourth);
}

}  // namespace

// Whole lines are streamed, what is before the first one and behind the last one is not.
void copy_streamed(std::byte* to, const std::byte* from, std::size_t count) noexcept {
  const std::size_t lead = -reinterpret_cast<std::uintptr_t>(to) % kCacheLine;
  std::memcpy(to, from, lead);
  std::size_t done = lead;
  for (; count - done >= kCacheLine; done += kCacheLine) {
    prefetch_to_read(from + done + kAhead);
    stream_line(to + done, from + done);
  }
  std::memcpy(to + done, from + done, count - done);
  _mm_sfence();
}

}  // namespace hpvmnet
