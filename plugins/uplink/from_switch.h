#pragma once

namespace hpvmnet::uplink {

/// The mark (SO_MARK, skb->mark) of frames that the switch has sent, by which host_side.bpf.c tells
/// them from the host's own.
constexpr unsigned kFromSwitch = 0x6870766d;

}  // namespace hpvmnet::uplink
