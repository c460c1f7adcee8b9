#pragma once

#include <cstdint>
#include <memory>

#include "base/fd.h"
#include "base/result.h"
#include "uplink/host_addresses.h"

struct steer_bpf;

namespace hpvmnet::uplink {

/// The program that gives arriving frames to the switch (steer.bpf.c), attached to an interface
/// until its end, or the process's. Control thread.
class XdpProgram {
 public:
  enum class Where : unsigned char {
    driver,  ///< before the kernel makes anything of a frame ("native")
    kernel,  ///< behind that: works with every driver, for a price ("generic")
  };

  /// `failed_precondition` where another program is attached already.
  static Result<std::unique_ptr<XdpProgram>> attach(int interface, Where where);
  ~XdpProgram();

  /// From here on the frames of that receive queue go to the AF_XDP socket.
  Status steer(std::uint32_t queue, int socket);
  void set_host_addresses(const HostAddresses::List& addresses);

 private:
  struct CloseCode {
    void operator()(steer_bpf* code) const;
  };

  XdpProgram() = default;

  std::unique_ptr<steer_bpf, CloseCode> code_;
  Fd link_;  ///< of the program to the interface
  HostAddresses::List host_addresses_;
};

}  // namespace hpvmnet::uplink
