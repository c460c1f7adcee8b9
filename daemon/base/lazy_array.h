#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include <sys/mman.h>

namespace hpvmnet {

/// A zero-filled array, aligned to a huge page, whose pages cost no memory until they are written.
/// Elements are not constructed: all zero bytes must be a valid T.
template <class T>
class LazyArray {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  explicit LazyArray(std::size_t size) : size_(size) {
    // As much more as the alignment may take.
    void* memory = ::mmap(nullptr, bytes() + kHugePage, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    mapping_ = static_cast<std::byte*>(memory);
    const auto lead = -reinterpret_cast<std::uintptr_t>(memory) % kHugePage;
    data_ = reinterpret_cast<T*>(mapping_ + lead);
  }
  ~LazyArray() { ::munmap(mapping_, bytes() + kHugePage); }
  LazyArray(const LazyArray&) = delete;
  LazyArray& operator=(const LazyArray&) = delete;

  std::size_t size() const noexcept { return size_; }
  T& operator[](std::size_t index) noexcept { return data_[index]; }
  const T& operator[](std::size_t index) const noexcept { return data_[index]; }

  /// Puts the whole array into huge pages, where the system has some: worth it for one that is used
  /// all over, since each small page costs a processor its own look at the page table. Takes about
  /// a millisecond; others may use the array meanwhile.
  void use_huge_pages() noexcept {
    const std::size_t length = (bytes() + kHugePage - 1) / kHugePage * kHugePage;
    ::madvise(data_, length, MADV_HUGEPAGE);
    constexpr int kCollapse = 25;  // MADV_COLLAPSE of Linux 6.1; without it, it takes some minutes
    ::madvise(data_, length, kCollapse);
  }

 private:
  static constexpr std::size_t kHugePage = std::size_t{2} << 20;

  std::size_t bytes() const noexcept { return size_ * sizeof(T); }

  std::size_t size_;
  std::byte* mapping_;
  T* data_;
};

}  // namespace hpvmnet
