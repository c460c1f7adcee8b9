#include "unit/plugins/lan/port_fixture.h"

#include <algorithm>
#include <cstring>

#include "frame/copy.h"

namespace hpvmnet::test {

LentFrame::LentFrame(Bytes bytes, std::size_t pieces)
    : bytes_(std::move(bytes)), frame_(std::make_unique<Frame>()) {
  const auto length = static_cast<std::uint32_t>(bytes_.size());
  const std::uint32_t head = std::min(length, Frame::kHeadCapacity);
  std::copy_n(bytes_.begin(), head, frame_->head.begin());
  frame_->set_contiguous(length, bytes_.data() + head);
  if (pieces == 1) return;
  const std::size_t rest = length - head;
  for (std::size_t i = 0; i < pieces; ++i) {
    const std::size_t begin = rest * i / pieces;
    const std::size_t end = rest * (i + 1) / pieces;
    parts_.push_back({bytes_.data() + head + begin, static_cast<std::uint32_t>(end - begin)});
  }
  frame_->parts = parts_.data();
  frame_->part_count = static_cast<std::uint32_t>(parts_.size());
}

Bytes content(const Frame& frame) {
  Bytes bytes(frame.length);
  copy_frame(bytes.data(), frame);
  return bytes;
}

Bytes test_frame(std::uint64_t number, std::size_t length) {
  return numbered_frame(test_mac(1), test_mac(2), number, length);
}

std::uint64_t drops(const Tally& tally, Drop reason) {
  return tally.drops[static_cast<std::size_t>(reason)].get();
}

void LanPortTest::open() {
  auto port = adaptor_.open(spec_, host_);
  ASSERT_TRUE(port) << port.error().text;
  port_ = std::move(*port);
}

std::vector<Bytes> LanPortTest::receive() {
  do {
    burst_.clear();
    port_->receive(0, burst_, tally_);
  } while (burst_.empty() && port_->park(0) == Wait::nothing);
  std::vector<Bytes> frames;
  for (std::size_t i = 0; i < burst_.size(); ++i) frames.push_back(content(burst_[i]));
  port_->release(0);
  return frames;
}

void LanPortTest::send(const std::vector<Bytes>& frames) {
  std::vector<LentFrame> lent;
  for (const Bytes& frame : frames) lent.emplace_back(frame);
  std::vector<const Frame*> pointers;
  for (const LentFrame& frame : lent) pointers.push_back(&frame.frame());
  port_->send(pointers, tally_);
}

}  // namespace hpvmnet::test
