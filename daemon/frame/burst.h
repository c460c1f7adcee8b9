#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "frame/frame.h"

namespace hpvmnet {

/// The frames that one receive() lends. They belong to their sender again when the port's
/// release() has been called, so nothing may keep a pointer into a burst beyond that.
///
/// One thread. Each worker has a single burst, which it uses again and again.
class Burst {
 public:
  static constexpr std::size_t kCapacity = 64;
  /// Parts of all frames of a burst. A port ends a burst early rather than run out of them.
  static constexpr std::size_t kPartCapacity = 16 * 1024;

  Burst() : parts_(std::make_unique_for_overwrite<Part[]>(kPartCapacity)) {
    for (std::size_t i = 0; i < kCapacity; ++i) list_[i] = &frames_[i];
  }
  Burst(const Burst&) = delete;
  Burst& operator=(const Burst&) = delete;

  std::size_t size() const noexcept { return size_; }
  std::size_t room() const noexcept { return kCapacity - size_; }
  bool empty() const noexcept { return size_ == 0; }
  /// A frame, or a slot behind the end; `index` is below kCapacity.
  Frame& operator[](std::size_t index) noexcept { return frames_[index]; }
  const Frame& operator[](std::size_t index) const noexcept { return frames_[index]; }

  /// All frames, as Port::send() takes them.
  std::span<const Frame* const> list() const noexcept { return std::span(list_).first(size_); }

  void clear() noexcept { size_ = part_count_ = 0; }

  /// The slot that the next push() makes part of the burst. Needs room().
  Frame& next() noexcept { return frames_[size_]; }
  /// Makes the slots behind the burst's end part of it.
  void push(std::size_t frames = 1) noexcept { size_ += frames; }

  /// Space for the parts of frames in several pieces. A port fills it from the front and calls
  /// take_parts() with the number it used.
  Part* free_parts() noexcept { return parts_.get() + part_count_; }
  std::size_t part_room() const noexcept { return kPartCapacity - part_count_; }
  void take_parts(std::size_t count) noexcept { part_count_ += count; }

 private:
  std::size_t size_ = 0;
  std::size_t part_count_ = 0;
  std::unique_ptr<Part[]> parts_;
  std::array<Frame, kCapacity> frames_;
  std::array<const Frame*, kCapacity> list_;  // of frames_, once and for all
};

}  // namespace hpvmnet
