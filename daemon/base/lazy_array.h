#pragma once

#include <cstddef>
#include <new>
#include <type_traits>

#include <sys/mman.h>

namespace hpvmnet {

/// A zero-filled array, aligned to a page, whose pages cost no memory until they are written.
/// Elements are not constructed: all zero bytes must be a valid T.
template <class T>
class LazyArray {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  explicit LazyArray(std::size_t size) : size_(size) {
    void* memory = ::mmap(nullptr, bytes(), PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<T*>(memory);
  }
  ~LazyArray() { ::munmap(data_, bytes()); }
  LazyArray(const LazyArray&) = delete;
  LazyArray& operator=(const LazyArray&) = delete;

  std::size_t size() const noexcept { return size_; }
  T& operator[](std::size_t index) noexcept { return data_[index]; }
  const T& operator[](std::size_t index) const noexcept { return data_[index]; }

 private:
  std::size_t bytes() const noexcept { return size_ * sizeof(T); }

  std::size_t size_;
  T* data_;
};

}  // namespace hpvmnet
