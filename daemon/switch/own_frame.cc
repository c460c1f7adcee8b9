#include "switch/own_frame.h"

#include <algorithm>
#include <utility>

#include "frame/vlan_tag.h"

namespace hpvmnet {

OwnFrame::OwnFrame(MacAddress to, Domain domain, std::uint16_t type) {
  constexpr std::size_t kAddress = 6;
  add(to.value(), kAddress).add(kOwnAddress.value(), kAddress);
  if (domain != kNoVlan) add(kCustomerTag, 2).add(domain, 2);
  add(type, 2);
  header_ = bytes_.size();
}

OwnFrame& OwnFrame::add(std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) {
    bytes_.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
  }
  return *this;
}

OwnFrame& OwnFrame::add(std::span<const std::byte> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}

std::vector<std::byte> OwnFrame::finish() && {
  constexpr std::size_t kShortestFrame = 60;
  bytes_.resize(std::max(bytes_.size(), kShortestFrame));
  return std::move(bytes_);
}

}  // namespace hpvmnet
