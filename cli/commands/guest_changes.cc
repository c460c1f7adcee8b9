#include "cli/commands/guest_changes.h"

#include "cli/report.h"

namespace hpvmnet::cli {

void GuestChanges::add_to(CommandLine& line) {
  line.values("-a", add_, "RESOURCE", "Add this vNIC");
  line.values("-m", modify_, "RESOURCE",
              "Modify the vNIC at this bus and device; what is left out stays");
  line.values("-d", remove_, "RESOURCE",
              "Delete the vNIC at this bus and device, or of this MAC or vswitch and port");
}

Status GuestChanges::read(const std::vector<std::string>& texts, ResourceUse use, Vnics& vnics) {
  for (const std::string& text : texts) {
    auto vnic = parse_resource(text, use);
    if (!vnic) return tl::unexpected(vnic.error());
    *vnics.Add() = *std::move(vnic);
  }
  return {};
}

void warn_of(const v1::Guest& changed, Terminal& terminal) {
  for (const std::string& warning : changed.warnings()) warn(terminal, changed.name(), warning);
}

}  // namespace hpvmnet::cli
