#include "cli/guest_records.h"

#include <algorithm>

namespace hpvmnet::cli {
namespace {

Record vnic_record(const v1::Vnic& vnic) {
  return {"network_interface",
          {{"bus", std::to_string(vnic.bus())},
           {"device", std::to_string(vnic.device())},
           {"function", "0"}},
          {{"adaptor", vnic.adaptor()},
           {"vswitch", vnic.vswitch()},
           {"port", std::to_string(vnic.port())},
           {"mac_address", vnic.mac_address()},
           {"active", vnic.active() ? "yes" : "no"},
           {"endpoint", vnic.endpoint()}},
          {}};
}

Record guest_record(const v1::Guest& guest) {
  Record record{"virtual_machine",
                {{"name", guest.name()}, {"local_id", std::to_string(guest.number())}},
                {{"vm_state", guest.state() == v1::Guest::STATE_ON ? "On" : "Off"},
                 {"net_count", std::to_string(guest.vnics_size())}},
                {}};
  std::ranges::transform(guest.vnics(), std::back_inserter(record.parts), vnic_record);
  return record;
}

}  // namespace

Record guests_record(const GuestList& guests) {
  Record record{"pman", {}, {}, {}};
  std::ranges::transform(guests, std::back_inserter(record.parts), guest_record);
  return record;
}

}  // namespace hpvmnet::cli
