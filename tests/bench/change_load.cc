// change_load TARGET VSWITCH PORT: a client that stays, as programs are, and commands are not.
// For each line "change" on standard input it puts the port into another VLAN, for each line "look"
// it asks for the daemon's version; each time it prints how many microseconds the call has taken.
// Ends with its standard input.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "cli/client.h"

namespace {

using namespace hpvmnet::cli;
namespace v1 = hpvmnet::v1;

constexpr std::uint32_t kVlans = 100;

class Load {
 public:
  Load(Client& client, const std::string& vswitch, std::uint32_t port) : client_(client) {
    request_.mutable_vswitch()->set_name(vswitch);
    request_.set_port(port);
  }

  Status change() {
    request_.set_vlan_id(request_.vlan_id() % kVlans + 1);
    return client_.change(&Client::Vswitches::SetPortVlan, request_).map([](const auto&) {});
  }

  Status look() {
    return client_.look(&Client::Daemon::GetVersion, {}).map([](const auto&) {});
  }

 private:
  Client& client_;
  v1::SetPortVlanRequest request_;
};

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::cerr << "change_load TARGET VSWITCH PORT\n";
    return EXIT_FAILURE;
  }
  const auto target = Target::parse(words[1], "TARGET");
  if (!target) {
    std::cerr << target.error().text << '\n';
    return EXIT_FAILURE;
  }
  Client client(*target, std::chrono::seconds(30));
  Load load(client, words[2], static_cast<std::uint32_t>(std::strtoul(words[3], nullptr, 10)));
  for (std::string line; std::getline(std::cin, line);) {
    const auto begin = std::chrono::steady_clock::now();
    const Status status = line == "change" ? load.change() : load.look();
    if (!status) {
      std::cerr << status.error().text << '\n';
      return EXIT_FAILURE;
    }
    const std::chrono::duration<double, std::micro> taken =
        std::chrono::steady_clock::now() - begin;
    std::printf("%.0f\n", taken.count());
    std::fflush(stdout);
  }
  return EXIT_SUCCESS;
}
