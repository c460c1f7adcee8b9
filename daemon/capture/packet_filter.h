#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <pcap/pcap.h>

#include "base/filter_program.h"
#include "base/result.h"
#include "frame/frame.h"

namespace hpvmnet {

/// A program for the classic BPF machine that chooses frames, as libpcap compiles it. Immutable, so
/// any number of workers may run it.
class PacketFilter {
 public:
  using Instruction = FilterInstruction;
  static constexpr std::size_t kMostInstructions = 4096;

  /// Chooses every frame.
  PacketFilter() = default;

  /// `invalid_argument` for a program that is too long, that might not end, or that the machine
  /// could not run. None at all chooses every frame.
  static Result<PacketFilter> make(const std::vector<Instruction>& program);

  /// Looks at the frame's private copy alone, so what it has judged is what is captured. Beyond
  /// that a frame has nothing that would match.
  bool chooses(const Frame& frame) const noexcept {
    return program_.empty() ||
           ::bpf_filter(program_.data(), reinterpret_cast<const u_char*>(frame.head.data()),
                        frame.length, frame.head_length) != 0;
  }

 private:
  std::vector<bpf_insn> program_;
};

}  // namespace hpvmnet
