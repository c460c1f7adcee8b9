#pragma once

#include <filesystem>
#include <vector>

#include <sys/types.h>

#include "base/fd.h"

namespace hpvmnet::test {

/// A switch in a process of its own, so that what it holds can be measured and its death be seen.
/// To be made while this process has one thread.
///
/// Ports 1 and 2 are the victims', 3 is the attacker's and 4 its feeder's, in a VLAN of theirs:
/// what they flood must not fill the victims' rings.
class SwitchProcess {
 public:
  explicit SwitchProcess(std::size_t workers);
  SwitchProcess(const SwitchProcess&) = delete;
  SwitchProcess& operator=(const SwitchProcess&) = delete;
  ~SwitchProcess();

  pid_t id() const { return id_; }
  bool alive();
  std::filesystem::path socket(unsigned port) const { return sockets_.at(port - 1); }

 private:
  [[noreturn]] static void serve(std::size_t workers, int told, int lifeline);

  pid_t id_ = -1;
  bool ended_ = false;
  Fd lifeline_;
  std::vector<std::filesystem::path> sockets_;
};

}  // namespace hpvmnet::test
