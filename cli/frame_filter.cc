#include "cli/frame_filter.h"

#include <memory>

#include <fmt/format.h>
#include <pcap/pcap.h>

#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

constexpr int kLongestFrame = 65557;

FilterProgram message_of(const bpf_program& compiled) {
  FilterProgram program;
  for (u_int i = 0; i < compiled.bf_len; ++i) {
    const bpf_insn& from = compiled.bf_insns[i];
    v1::BpfInstruction& to = *program.Add();
    to.set_code(from.code);
    to.set_if_true(from.jt);
    to.set_if_false(from.jf);
    to.set_operand(from.k);
  }
  return program;
}

}  // namespace

Result<FilterProgram> compile_filter(const std::string& text) {
  if (text.empty()) return FilterProgram();
  const std::unique_ptr<pcap_t, decltype(&::pcap_close)> compiler(
      ::pcap_open_dead(DLT_EN10MB, kLongestFrame), &::pcap_close);
  bpf_program compiled{};
  if (!compiler ||
      ::pcap_compile(compiler.get(), &compiled, text.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return wrong_usage(fmt::format("filter {}: {}; pcap-filter(7) describes the language",
                                   shown(text), compiler ? ::pcap_geterr(compiler.get()) : ""));
  }
  FilterProgram program = message_of(compiled);
  ::pcap_freecode(&compiled);
  return program;
}

}  // namespace hpvmnet::cli
