#include "capture/packet_filter.h"

#include <algorithm>
#include <array>
#include <string>

namespace hpvmnet {
namespace {

// All that libpcap's machine knows. Its check lets others pass, on which the machine then aborts.
constexpr std::array<std::uint16_t, 49> kCodes{BPF_RET | BPF_K,
                                               BPF_RET | BPF_A,
                                               BPF_LD | BPF_W | BPF_ABS,
                                               BPF_LD | BPF_H | BPF_ABS,
                                               BPF_LD | BPF_B | BPF_ABS,
                                               BPF_LD | BPF_W | BPF_IND,
                                               BPF_LD | BPF_H | BPF_IND,
                                               BPF_LD | BPF_B | BPF_IND,
                                               BPF_LD | BPF_W | BPF_LEN,
                                               BPF_LDX | BPF_W | BPF_LEN,
                                               BPF_LDX | BPF_B | BPF_MSH,
                                               BPF_LD | BPF_IMM,
                                               BPF_LDX | BPF_IMM,
                                               BPF_LD | BPF_MEM,
                                               BPF_LDX | BPF_MEM,
                                               BPF_ST,
                                               BPF_STX,
                                               BPF_JMP | BPF_JA,
                                               BPF_JMP | BPF_JGT | BPF_K,
                                               BPF_JMP | BPF_JGT | BPF_X,
                                               BPF_JMP | BPF_JGE | BPF_K,
                                               BPF_JMP | BPF_JGE | BPF_X,
                                               BPF_JMP | BPF_JEQ | BPF_K,
                                               BPF_JMP | BPF_JEQ | BPF_X,
                                               BPF_JMP | BPF_JSET | BPF_K,
                                               BPF_JMP | BPF_JSET | BPF_X,
                                               BPF_ALU | BPF_ADD | BPF_K,
                                               BPF_ALU | BPF_ADD | BPF_X,
                                               BPF_ALU | BPF_SUB | BPF_K,
                                               BPF_ALU | BPF_SUB | BPF_X,
                                               BPF_ALU | BPF_MUL | BPF_K,
                                               BPF_ALU | BPF_MUL | BPF_X,
                                               BPF_ALU | BPF_DIV | BPF_K,
                                               BPF_ALU | BPF_DIV | BPF_X,
                                               BPF_ALU | BPF_MOD | BPF_K,
                                               BPF_ALU | BPF_MOD | BPF_X,
                                               BPF_ALU | BPF_XOR | BPF_K,
                                               BPF_ALU | BPF_XOR | BPF_X,
                                               BPF_ALU | BPF_AND | BPF_K,
                                               BPF_ALU | BPF_AND | BPF_X,
                                               BPF_ALU | BPF_OR | BPF_K,
                                               BPF_ALU | BPF_OR | BPF_X,
                                               BPF_ALU | BPF_LSH | BPF_K,
                                               BPF_ALU | BPF_LSH | BPF_X,
                                               BPF_ALU | BPF_RSH | BPF_K,
                                               BPF_ALU | BPF_RSH | BPF_X,
                                               BPF_ALU | BPF_NEG,
                                               BPF_MISC | BPF_TAX,
                                               BPF_MISC | BPF_TXA};

bool is_known(const PacketFilter::Instruction& one) {
  return std::ranges::find(kCodes, one.code) != kCodes.end();
}

// libpcap's machine takes an unconditional jump's distance for a signed number, and its check lets
// one pass that leads backwards: the program would never end.
bool ends(const std::vector<PacketFilter::Instruction>& program) {
  for (std::size_t at = 0; at < program.size(); ++at) {
    const bool jumps = program[at].code == (BPF_JMP | BPF_JA);
    if (jumps && program[at].operand >= program.size() - at - 1) return false;
  }
  return true;
}

}  // namespace

Result<PacketFilter> PacketFilter::make(const std::vector<Instruction>& program) {
  PacketFilter filter;
  if (program.empty()) return filter;
  if (program.size() > kMostInstructions) {
    return fail(ErrorCode::invalid_argument,
                "the filter is too long: it has " + std::to_string(program.size()) +
                    " instructions, and at most " + std::to_string(kMostInstructions) +
                    " are allowed");
  }
  for (const Instruction& one : program) {
    filter.program_.push_back(bpf_insn{one.code, one.if_true, one.if_false, one.operand});
  }
  if (std::ranges::all_of(program, is_known) && ends(program) &&
      ::bpf_validate(filter.program_.data(), static_cast<int>(program.size())) != 0) {
    return filter;
  }
  return fail(
      ErrorCode::invalid_argument,
      "the filter is no program that can be run and is sure to end, as 'protochain' makes none");
}

}  // namespace hpvmnet
