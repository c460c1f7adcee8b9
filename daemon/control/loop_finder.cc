#include "control/loop_finder.h"

#include <cstring>
#include <utility>

#include "frame/vlan_tag.h"
#include "switch/group_address.h"
#include "switch/own_frame.h"

namespace hpvmnet {
namespace {

std::uint64_t read_nonce(const std::byte* at) {
  std::uint64_t nonce = 0;
  std::memcpy(&nonce, at, sizeof nonce);
  return __builtin_bswap64(nonce);
}

}  // namespace

bool LoopFinder::begin_period(std::uint64_t moves, std::uint64_t nonce) {
  nonce_ = nonce;
  found_.clear();
  return moves - std::exchange(moves_, moves) > kSuspiciousMoves;
}

std::vector<std::byte> LoopFinder::probe(Domain domain) const {
  OwnFrame frame(MacAddress(kProbeGroup), domain, kProbeType);
  frame.add(nonce_, sizeof nonce_);
  return std::move(frame).finish();
}

bool LoopFinder::came_back(Domain domain, std::span<const std::byte> frame) {
  constexpr std::size_t kPlace = kAddressesLength + 2;
  for (const std::size_t at : {kPlace, kPlace + kTagLength}) {
    if (frame.size() < at + sizeof nonce_ || read_nonce(&frame[at]) != nonce_) continue;
    return found_.insert(domain).second;
  }
  return false;
}

}  // namespace hpvmnet
