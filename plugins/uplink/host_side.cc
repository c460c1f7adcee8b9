#include "uplink/host_side.h"

#include <cerrno>
#include <utility>

#include <bpf/libbpf.h>
#include <fmt/format.h>

#include "uplink/host_side.skel.h"

namespace hpvmnet::uplink {
namespace {

// Where no other program is likely to be, but known: what a crash left is found there again, and
// from its handle whether the queueing discipline was made for it.
constexpr unsigned kPriority = 0xc0de;
constexpr unsigned kHandleOnOurs = 1;
constexpr unsigned kHandleOnAnothers = 2;

bpf_tc_hook hook(int interface, bpf_tc_attach_point at) {
  bpf_tc_hook made{};
  made.sz = sizeof made;
  made.ifindex = interface;
  made.attach_point = at;
  return made;
}

bpf_tc_opts place(unsigned handle) {
  bpf_tc_opts options{};
  options.sz = sizeof options;
  options.handle = handle;
  options.priority = kPriority;
  return options;
}

constexpr auto kBoth = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);

bool attached(int interface, bpf_tc_attach_point at, unsigned handle) {
  const bpf_tc_hook where = hook(interface, at);
  bpf_tc_opts what = place(handle);
  return bpf_tc_query(&where, &what) == 0;
}

void detach(int interface, bpf_tc_attach_point at, unsigned handle) {
  const bpf_tc_hook where = hook(interface, at);
  const bpf_tc_opts what = place(handle);
  bpf_tc_detach(&where, &what);
}

Status attach(int interface, bpf_tc_attach_point at, unsigned handle, const bpf_program* program) {
  bpf_tc_hook where = hook(interface, at);
  bpf_tc_opts what = place(handle);
  what.prog_fd = bpf_program__fd(program);
  what.flags = BPF_TC_F_REPLACE;
  const int failed = bpf_tc_attach(&where, &what);
  if (failed == 0) return {};
  return system_failure(fmt::format("cannot attach {}()", bpf_program__name(program)), -failed);
}

}  // namespace

class HostSide::Programs {
 public:
  static Result<std::unique_ptr<Programs>> attach(int interface, int tap) {
    std::unique_ptr<Programs> programs(new Programs(interface));
    host_side_bpf* code = programs->code_.get();
    if (code == nullptr) return system_failure("cannot read the host side's programs", errno);
    code->rodata->interface_index = static_cast<unsigned>(interface);
    code->rodata->tap_index = static_cast<unsigned>(tap);
    if (const int failed = host_side_bpf__load(code); failed != 0) {
      return system_failure("cannot load the host side's programs", -failed);
    }
    return programs->attach_all(tap).map([&] { return std::move(programs); });
  }

  ~Programs() {
    detach(interface_, BPF_TC_INGRESS, handle_);
    detach(interface_, BPF_TC_EGRESS, handle_);
    if (handle_ != kHandleOnOurs) return;
    bpf_tc_hook whole = hook(interface_, kBoth);
    bpf_tc_hook_destroy(&whole);
  }

 private:
  struct Close {
    void operator()(host_side_bpf* code) const { host_side_bpf__destroy(code); }
  };

  explicit Programs(int interface) : interface_(interface), code_(host_side_bpf__open()) {}

  Status attach_all(int tap) {
    bpf_tc_hook whole = hook(interface_, kBoth);
    const int made = bpf_tc_hook_create(&whole);
    if (made != 0 && made != -EEXIST) {
      return system_failure("cannot make a queueing discipline for programs (clsact)", -made);
    }
    const bool left_by_crash = made != 0 && (attached(interface_, BPF_TC_INGRESS, kHandleOnOurs) ||
                                             attached(interface_, BPF_TC_EGRESS, kHandleOnOurs));
    handle_ = made == 0 || left_by_crash ? kHandleOnOurs : kHandleOnAnothers;
    bpf_tc_hook tap_hook = hook(tap, kBoth);
    bpf_tc_hook_create(&tap_hook);  // ends with the tap
    return uplink::attach(tap, BPF_TC_INGRESS, kHandleOnOurs, code_->progs.to_host)
        .and_then([&] {
          return uplink::attach(interface_, BPF_TC_INGRESS, handle_, code_->progs.from_wire);
        })
        .and_then([&] {
          return uplink::attach(interface_, BPF_TC_EGRESS, handle_, code_->progs.from_host);
        });
  }

  const int interface_;
  unsigned handle_ = kHandleOnAnothers;
  std::unique_ptr<host_side_bpf, Close> code_;
};

Result<std::unique_ptr<HostSide>> HostSide::open(int index) {
  auto tap = host::Tap::make("hpvmup%d");
  if (!tap) return tl::unexpected(tap.error());
  if (Status silent = host::make_silent(tap->name); !silent) {
    return tl::unexpected(silent.error());
  }
  auto programs = Programs::attach(index, tap->index);
  if (!programs) return tl::unexpected(programs.error());
  if (Status up = host::set_interface_up(tap->name, true); !up) return tl::unexpected(up.error());
  return std::unique_ptr<HostSide>(new HostSide(*std::move(tap), *std::move(programs)));
}

HostSide::HostSide(host::Tap tap, std::unique_ptr<Programs> programs)
    : tap_(std::move(tap)),
      queue_(std::make_unique<host::TapQueue>(tap_.queue.get())),
      programs_(std::move(programs)) {}

HostSide::~HostSide() = default;

}  // namespace hpvmnet::uplink
