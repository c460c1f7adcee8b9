#include "support/switch_process.h"

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "avio_lan/adaptor.h"
#include "support/test_switch.h"

namespace hpvmnet::test {
namespace {

constexpr VlanId kAttackersVlan = 666;
constexpr unsigned kPorts = 4;

std::array<Fd, 2> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe");
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

SwitchProcess::SwitchProcess(std::size_t workers) {
  auto [told, tell] = make_pipe();
  auto [lifeline, hold] = make_pipe();
  id_ = ::fork();
  if (id_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (id_ == 0) {
    hold.reset();
    told.reset();
    serve(workers, tell.release(), lifeline.get());
  }
  lifeline_ = std::move(hold);
  tell.reset();
  std::string text;
  std::array<char, 512> some;
  for (ssize_t got; (got = ::read(told.get(), some.data(), some.size())) > 0;) {
    text.append(some.data(), static_cast<std::size_t>(got));
  }
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    sockets_.emplace_back(text.substr(at, end - at));
  }
}

// Until the test's process lets go of its end of the lifeline, or dies.
void SwitchProcess::serve(std::size_t workers, int told, int lifeline) {
  {
    TestSwitch hub({.workers = workers, .adaptors = {std::make_shared<avio_lan::AvioAdaptor>()}});
    std::string text;
    for (unsigned port = 1; port <= kPorts; ++port) {
      const auto vlan = port > 2 ? std::optional(kAttackersVlan) : std::nullopt;
      text += hub.add_port(port, "avio_lan", vlan).string() + '\n';
      hub.offer_packed_rings(port);
    }
    if (::write(told, text.data(), text.size()) < 0) ::_exit(1);
    ::close(told);
    char nothing;
    while (::read(lifeline, &nothing, 1) < 0 && errno == EINTR) {
    }
  }
  ::_exit(0);
}

SwitchProcess::~SwitchProcess() {
  lifeline_.reset();
  if (!ended_) ::waitpid(id_, nullptr, 0);
}

bool SwitchProcess::alive() {
  if (!ended_) ended_ = ::waitpid(id_, nullptr, WNOHANG) == id_;
  return !ended_;
}

}  // namespace hpvmnet::test
