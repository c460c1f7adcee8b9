#include "cli/commands/guest_name.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/values.h"

namespace hpvmnet::cli {

void GuestName::add_to(CommandLine& line) {
  line.value("-P", name_, "NAME", "The guest, by name");
  line.value("-p", number_, "NUMBER", "The guest, by number");
}

Status GuestName::check() const {
  if (name_ && number_) return wrong_usage("-P and -p both name a guest; give one of them");
  if (!given()) {
    return wrong_usage("which guest is meant? -P NAME or -p NUMBER; 'hpvmstatus' lists them");
  }
  if (name_) {
    if (auto name = plain_name("guest", *name_); !name) return tl::unexpected(name.error());
  }
  if (number_ && !parse_number(*number_)) {
    return wrong_usage(fmt::format("-p {} is not the number of a guest; 'hpvmstatus' lists them",
                                   shown(*number_)));
  }
  return {};
}

Result<std::string> GuestName::resolve(Client& client) const {
  if (name_) return *name_;
  const auto guests = client.look(&Client::Guests::ListGuests, {});
  if (!guests) return tl::unexpected(guests.error());
  const auto found =
      std::ranges::find(guests->guests(), parse_number(*number_).value(), &v1::Guest::number);
  if (found != guests->guests().end()) return found->name();
  return failed(fmt::format("there is no guest number {}; 'hpvmstatus' lists them", *number_));
}

}  // namespace hpvmnet::cli
