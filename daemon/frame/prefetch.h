#pragma once

#include <cstddef>

namespace hpvmnet {

inline constexpr std::size_t kCacheLine = 64;

/// Brings a cache line near, for reading. Any address will do.
inline void prefetch_to_read(const std::byte* at) noexcept { __builtin_prefetch(at); }

/// Brings a cache line near and takes it away from other processors, for writing. Processors that
/// cannot do the latter ignore the instruction, which compilers do not use for that reason.
inline void prefetch_to_write(const std::byte* at) noexcept {
  asm volatile("prefetchw %0" : : "m"(*at));
}

}  // namespace hpvmnet
