#include "support/net_driver.h"

#include <stdexcept>
#include <thread>

#include <fmt/format.h>

namespace hpvmnet::test {

NetDriver::NetDriver(GuestRam& ram, const Options& options)
    : ram_(ram),
      options_(options),
      ingress_(DriverRing::make(ram, {options.ingress_size, options.event_index, options.region},
                                options.packed)),
      egress_(DriverRing::make(ram, {options.egress_size, options.event_index, options.region},
                               options.packed)),
      slots_at_(options.slots_at.value_or(0)),
      slot_of_head_(options.ingress_size),
      buffer_of_head_(options.egress_size) {
  const std::uint64_t slot_bytes = std::uint64_t{options.slot} * options.ingress_size;
  if (!options.slots_at) slots_at_ = ram.allocate(slot_bytes, 64, options.region);

  const auto shaped = options.egress_shape.pieces(0, options.buffer, true);
  const std::uint64_t stride = shaped.back().address + shaped.back().length;
  const bool table = options.egress_shape.indirect_from < shaped.size();
  const std::size_t descriptors = table ? options.egress_shape.indirect_from + 1 : shaped.size();
  const std::size_t count = options.egress_size / descriptors;
  std::uint64_t at = options.buffers_at.value_or(0);
  if (!options.buffers_at) at = ram.allocate(stride * count, 64, options.region);
  for (std::size_t i = 0; i < count; ++i, at += stride) {
    all_buffers_.push_back({at, options.egress_shape.pieces(at, options.buffer, true)});
  }
  reset();
}

void NetDriver::reset() {
  ingress_->reset();
  egress_->reset();
  free_slots_.clear();
  for (std::uint32_t i = options_.ingress_size; i > 0; --i) {
    free_slots_.push_back(slots_at_ + std::uint64_t{options_.slot} * (i - 1));
  }
  free_buffers_.clear();
  for (std::size_t i = all_buffers_.size(); i > 0; --i) free_buffers_.push_back(i - 1);
  hold_ = false;
  fill();
}

void NetDriver::fill() {
  while (!free_buffers_.empty()) {
    const std::size_t index = free_buffers_.back();
    const auto head =
        egress_->offer(all_buffers_[index].pieces, options_.egress_shape.indirect_from);
    if (!head) break;
    free_buffers_.pop_back();
    buffer_of_head_[*head] = index;
  }
  egress_->publish();
}

bool NetDriver::send(const NetHeader& header, ByteView frame, const ChainShape& shape) {
  if (!prepare(header, frame, shape)) return false;
  ingress_->publish();
  return true;
}

bool NetDriver::prepare(const NetHeader& header, ByteView frame, const ChainShape& shape) {
  reclaim();
  if (free_slots_.empty()) return false;
  const std::uint64_t slot = free_slots_.back();
  scratch_.clear();
  append(scratch_, bytes_of(header).first(options_.header_length));
  append(scratch_, frame);
  const auto pieces = shape.pieces(slot, static_cast<std::uint32_t>(scratch_.size()), false);
  if (pieces.back().address + pieces.back().length > slot + options_.slot) {
    throw std::invalid_argument(
        fmt::format("a frame of {} bytes in a slot of {}", frame.size(), options_.slot));
  }
  scatter(ram_, pieces, scratch_);
  const auto head = ingress_->offer(pieces, shape.indirect_from);
  if (!head) return false;
  free_slots_.pop_back();
  slot_of_head_[*head] = slot;
  return true;
}

std::uint32_t NetDriver::reclaim() {
  std::uint32_t count = 0;
  while (const auto used = ingress_->collect()) {
    if (used->written != 0) {
      throw std::runtime_error(fmt::format("{} bytes written to what was sent", used->written));
    }
    free_slots_.push_back(slot_of_head_[used->head]);
    ++count;
  }
  return count;
}

bool NetDriver::wait_sent(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (reclaim(), ingress_->chains_out() > 0) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !ingress_->wait(left)) return false;
  }
  return true;
}

bool NetDriver::receive(ReceivedFrame& into) {
  if (!egress_->collectable()) return false;
  into.frame.clear();
  into.header = {};
  into.buffers = 1;
  for (std::uint32_t i = 0; i < into.buffers; ++i) {
    const auto used = egress_->collect();
    if (!used) {
      throw std::runtime_error(
          fmt::format("a frame in {} buffers, of which {} are used", into.buffers, i));
    }
    const std::size_t index = buffer_of_head_[used->head];
    scratch_.clear();
    gather(ram_, all_buffers_[index].pieces, used->written, scratch_);
    free_buffers_.push_back(index);
    if (i > 0) {
      append(into.frame, scratch_);
      continue;
    }
    if (scratch_.size() < options_.header_length) {
      throw std::runtime_error(fmt::format("{} bytes: no header", scratch_.size()));
    }
    std::memcpy(&into.header, scratch_.data(), options_.header_length);
    append(into.frame, ByteView(scratch_).subspan(options_.header_length));
    if (options_.header_length < kHeaderLength) continue;
    if (into.header.buffers == 0 || (!options_.mergeable && into.header.buffers != 1)) {
      throw std::runtime_error(fmt::format("num_buffers is {}", into.header.buffers));
    }
    into.buffers = into.header.buffers;
  }
  if (!hold_) fill();
  return true;
}

std::optional<ReceivedFrame> NetDriver::receive(std::chrono::milliseconds limit) {
  ReceivedFrame frame;
  if (receive(frame)) return frame;
  if (!egress_->wait(limit)) return std::nullopt;
  receive(frame);
  return frame;
}

}  // namespace hpvmnet::test
