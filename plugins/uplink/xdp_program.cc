#include "uplink/xdp_program.h"

#include <algorithm>
#include <cerrno>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "uplink/steer.skel.h"

namespace hpvmnet::uplink {

void XdpProgram::CloseCode::operator()(steer_bpf* code) const { steer_bpf__destroy(code); }

Result<std::unique_ptr<XdpProgram>> XdpProgram::attach(int interface, Where where) {
  std::unique_ptr<XdpProgram> program(new XdpProgram);
  program->code_.reset(steer_bpf__open_and_load());
  if (!program->code_) return system_failure("cannot load the XDP program", errno);
  // libbpf would choose the place itself, so the link is made by hand.
  bpf_link_create_opts options{};
  options.sz = sizeof options;
  options.flags = where == Where::driver ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
  const int descriptor =
      bpf_link_create(bpf_program__fd(program->code_->progs.steer), interface, BPF_XDP, &options);
  if (descriptor == -EBUSY || descriptor == -EEXIST) {
    return fail(ErrorCode::failed_precondition,
                "another XDP program is attached to the interface; 'bpftool net' shows it");
  }
  if (descriptor < 0) return system_failure("cannot attach the XDP program", -descriptor);
  program->link_.reset(descriptor);
  return program;
}

XdpProgram::~XdpProgram() = default;

Status XdpProgram::steer(std::uint32_t queue, int socket) {
  const int failed = bpf_map__update_elem(code_->maps.sockets, &queue, sizeof queue, &socket,
                                          sizeof socket, BPF_ANY);
  return failed == 0 ? Status{} : system_failure("cannot steer frames to the switch", -failed);
}

void XdpProgram::set_host_addresses(const HostAddresses::List& addresses) {
  if (addresses == host_addresses_) return;
  bpf_map* const map = code_->maps.host_addresses;
  const std::uint8_t known = 1;
  for (const std::uint64_t& address : addresses) {
    bpf_map__update_elem(map, &address, sizeof address, &known, sizeof known, BPF_ANY);
  }
  for (const std::uint64_t& address : host_addresses_) {
    if (std::ranges::find(addresses, address) == addresses.end()) {
      bpf_map__delete_elem(map, &address, sizeof address, 0);
    }
  }
  host_addresses_ = addresses;
}

}  // namespace hpvmnet::uplink
