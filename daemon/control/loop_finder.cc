#include "control/loop_finder.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "frame/vlan_tag.h"
#include "switch/group_address.h"

namespace hpvmnet {
namespace {

constexpr std::size_t kShortestFrame = 60;
constexpr std::size_t kAddress = 6;
constexpr std::uint64_t kSource = 0x02'48'50'56'4d'01;  // the probes' group, as a station

void append(std::vector<std::byte>& frame, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) {
    frame.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
  }
}

}  // namespace

bool LoopFinder::begin_period(std::uint64_t moves, std::uint64_t nonce) {
  nonce_ = nonce;
  found_.clear();
  return moves - std::exchange(moves_, moves) > kSuspiciousMoves;
}

std::vector<std::byte> LoopFinder::probe(Domain domain) const {
  std::vector<std::byte> frame;
  append(frame, kProbeGroup, kAddress);
  append(frame, kSource, kAddress);
  if (domain != kNoVlan) {
    append(frame, kCustomerTag, 2);
    append(frame, domain, 2);
  }
  append(frame, kProbeType, 2);
  append(frame, nonce_, sizeof nonce_);
  frame.resize(kShortestFrame);
  return frame;
}

bool LoopFinder::came_back(Domain domain, std::span<const std::byte> frame) {
  std::vector<std::byte> nonce;
  append(nonce, nonce_, sizeof nonce_);
  constexpr std::size_t kPlace = 2 * kAddress + 2;
  for (const std::size_t at : {kPlace, kPlace + kTagLength}) {
    if (frame.size() < at + nonce.size() || !std::ranges::equal(frame.subspan(at, 8), nonce)) {
      continue;
    }
    return found_.insert(domain).second;
  }
  return false;
}

}  // namespace hpvmnet
