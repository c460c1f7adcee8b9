#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hpvmnet {

/// An instruction of the classic BPF machine, to which libpcap compiles filters.
struct FilterInstruction {
  std::uint16_t code = 0;
  std::uint8_t if_true = 0;   ///< instructions to skip
  std::uint8_t if_false = 0;  ///< likewise
  std::uint32_t operand = 0;
  bool operator==(const FilterInstruction&) const = default;
};

/// A choice of frames, as its user has written it and compiled. Nobody has judged it yet.
struct FilterProgram {
  std::string text;                             ///< in libpcap's language; for people
  std::vector<FilterInstruction> instructions;  ///< none: every frame
  bool operator==(const FilterProgram&) const = default;
};

}  // namespace hpvmnet
