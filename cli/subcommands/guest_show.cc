#include <string>

#include "cli/command_line.h"
#include "cli/listings.h"
#include "cli/show_options.h"
#include "cli/subcommands/subcommands.h"
#include "cli/table.h"
#include "cli/values.h"

namespace hpvmnet::cli {
namespace {

std::string text_of(const v1::Guest& guest, const Listing::Layout& layout) {
  return aligned_text({{"Name", guest.name()},
                       {"Number", std::to_string(guest.number())},
                       {"State", guest.state() == v1::Guest::STATE_ON ? "On" : "Off"}}) +
         '\n' + vnics_listing(guest, layout);
}

}  // namespace

int guest_list(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{"Lists the guests.", "  hpvmnet guest list [OPTION]...\n",
                               "  hpvmnet guest list\n"
                               "  hpvmnet guest list --json\n"};
  ShowOptions options;
  CommandLine line(invocation, terminal, texts);
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  return options.show(line, terminal, [](Client& client, const Style& style) {
    return client.look(&Client::Guests::ListGuests, {}).map([&](const auto& all) {
      return style.json ? style.json_of(all) : guests_listing(all, style.layout);
    });
  });
}

int guest_show(const Invocation& invocation, Terminal& terminal) {
  static const HelpTexts texts{"Shows a guest and its vNICs.",
                               "  hpvmnet guest show GUEST [OPTION]...\n",
                               "  hpvmnet guest show web1\n"};
  std::string name;
  ShowOptions options;
  CommandLine line(invocation, terminal, texts);
  line.argument("GUEST", name, "The guest");
  options.add_to(line);
  if (const auto ended = line.parse()) return *ended;
  return options.show(line, terminal, [&](Client& client, const Style& style) {
    return plain_name("guest", name)
        .and_then([&](const std::string& plain) {
          v1::GetGuestRequest request;
          request.set_name(plain);
          return client.look(&Client::Guests::GetGuest, request);
        })
        .map([&](const v1::Guest& guest) {
          return style.json ? style.json_of(guest) : text_of(guest, style.layout);
        });
  });
}

}  // namespace hpvmnet::cli
