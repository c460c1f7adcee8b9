#include "cli/commands/vswitch_dump.h"

#include <ostream>

#include "cli/commands/vswitch_show.h"
#include "cli/vswitch_records.h"

namespace hpvmnet::cli {
namespace {

void print(const Records& records, Form form, Terminal& terminal) {
  terminal.out() << (form == Form::machine ? machine_text(records) : xml_text("hpvmnet", records));
}

}  // namespace

Status dump_vswitches(Client& client, bool ports, Form form, Terminal& terminal) {
  const auto vswitches = list_vswitches(client, ports);
  if (!vswitches) return tl::unexpected(vswitches.error());
  Records records;
  for (const v1::Vswitch& vswitch : *vswitches) records.push_back(vswitch_record(vswitch));
  print(records, form, terminal);
  return {};
}

Status dump_vswitch(Client& client, const v1::VswitchReference& which, Form form,
                    Terminal& terminal) {
  return get_vswitch(client, which).map([&](const v1::Vswitch& vswitch) {
    print({vswitch_record(vswitch)}, form, terminal);
  });
}

Status dump_ports(Client& client, const v1::VswitchReference& which,
                  std::optional<std::uint32_t> number, Form form, Terminal& terminal) {
  return get_vswitch(client, which).map([&](const v1::Vswitch& vswitch) {
    print({ports_record(vswitch, ports_of(vswitch, number))}, form, terminal);
  });
}

void dump_counters(const v1::Vswitch& vswitch, std::optional<std::uint32_t> number, Form form,
                   Terminal& terminal) {
  print({counters_record(vswitch, counting_ports(vswitch, number))}, form, terminal);
}

}  // namespace hpvmnet::cli
