#include "uplink/host_programs.h"

#include <array>
#include <cerrno>
#include <utility>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>

#include "base/fd.h"
#include "uplink/from_switch.h"
#include "uplink/host_side.skel.h"

namespace hpvmnet::uplink {
namespace {

struct Close {
  void operator()(host_side_bpf* code) const { host_side_bpf__destroy(code); }
};
using Code = std::unique_ptr<host_side_bpf, Close>;

Result<Code> load(int interface, int tap, bool linked) {
  Code code(host_side_bpf__open());
  if (!code) return system_failure("cannot read the host side's programs", errno);
  code->rodata->interface_index = static_cast<unsigned>(interface);
  code->rodata->tap_index = static_cast<unsigned>(tap);
  code->rodata->from_switch = kFromSwitch;
  code->rodata->linked = linked ? 1 : 0;
  if (const int failed = host_side_bpf__load(code.get()); failed != 0) {
    return system_failure("cannot load the host side's programs", -failed);
  }
  return code;
}

Status attached(int result, const bpf_program* program) {
  if (result >= 0) return {};
  return system_failure(fmt::format("cannot attach {}()", bpf_program__name(program)), -result);
}

// By links. Debian 12's headers do not know these places yet (enum bpf_attach_type).
class Linked final : public HostPrograms {
 public:
  static constexpr auto kIngress = static_cast<bpf_attach_type>(46);
  static constexpr auto kEgress = static_cast<bpf_attach_type>(47);

  static Result<std::unique_ptr<HostPrograms>> attach(int interface, int tap) {
    auto made = std::make_unique<Linked>();
    auto code = load(interface, tap, true);
    if (!code) return tl::unexpected(code.error());
    const auto& programs = (*code)->progs;
    return made->link(0, programs.to_host, tap, kIngress)
        .and_then([&] { return made->link(1, programs.from_wire, interface, kIngress); })
        .and_then([&] { return made->link(2, programs.from_host, interface, kEgress); })
        .map([&]() -> std::unique_ptr<HostPrograms> { return std::move(made); });
  }

 private:
  Status link(std::size_t number, const bpf_program* program, int interface, bpf_attach_type at) {
    const int made = bpf_link_create(bpf_program__fd(program), interface, at, nullptr);
    if (made >= 0) links_[number].reset(made);
    return attached(made, program);
  }

  std::array<Fd, 3> links_;
};

// Where no other program is likely to be, but known: what a crash left is found there again, and
// from its handle whether the queueing discipline was made for it.
constexpr unsigned kPriority = 0xc0de;
constexpr unsigned kHandleOnOurs = 1;
constexpr unsigned kHandleOnAnothers = 2;
constexpr auto kBoth = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);

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

bool is_attached(int interface, bpf_tc_attach_point at, unsigned handle) {
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
  const bpf_tc_hook where = hook(interface, at);
  bpf_tc_opts what = place(handle);
  what.prog_fd = bpf_program__fd(program);
  what.flags = BPF_TC_F_REPLACE;
  return attached(bpf_tc_attach(&where, &what), program);
}

// By queueing disciplines.
class Disciplined final : public HostPrograms {
 public:
  static Result<std::unique_ptr<HostPrograms>> attach(int interface, int tap) {
    auto code = load(interface, tap, false);
    if (!code) return tl::unexpected(code.error());
    auto made = std::make_unique<Disciplined>(interface);
    return made->attach_all(**code, tap).map([&]() -> std::unique_ptr<HostPrograms> {
      return std::move(made);
    });
  }

  explicit Disciplined(int interface) : interface_(interface) {}
  ~Disciplined() override {
    detach(interface_, BPF_TC_INGRESS, handle_);
    detach(interface_, BPF_TC_EGRESS, handle_);
    if (handle_ != kHandleOnOurs) return;
    bpf_tc_hook whole = hook(interface_, kBoth);
    bpf_tc_hook_destroy(&whole);
  }

 private:
  Status attach_all(const host_side_bpf& code, int tap) {
    bpf_tc_hook whole = hook(interface_, kBoth);
    const int made = bpf_tc_hook_create(&whole);
    if (made != 0 && made != -EEXIST) {
      return system_failure("cannot make a queueing discipline for programs (clsact)", -made);
    }
    const bool left_by_crash =
        made != 0 && (is_attached(interface_, BPF_TC_INGRESS, kHandleOnOurs) ||
                      is_attached(interface_, BPF_TC_EGRESS, kHandleOnOurs));
    handle_ = made == 0 || left_by_crash ? kHandleOnOurs : kHandleOnAnothers;
    bpf_tc_hook at_tap = hook(tap, kBoth);
    bpf_tc_hook_create(&at_tap);  // ends with the tap
    return uplink::attach(tap, BPF_TC_INGRESS, kHandleOnOurs, code.progs.to_host)
        .and_then([&] {
          return uplink::attach(interface_, BPF_TC_INGRESS, handle_, code.progs.from_wire);
        })
        .and_then([&] {
          return uplink::attach(interface_, BPF_TC_EGRESS, handle_, code.progs.from_host);
        });
  }

  const int interface_;
  unsigned handle_ = kHandleOnAnothers;
};

}  // namespace

Result<std::unique_ptr<HostPrograms>> HostPrograms::attach(int interface, int tap) {
  auto linked = Linked::attach(interface, tap);
  return linked ? std::move(linked) : Disciplined::attach(interface, tap);
}

}  // namespace hpvmnet::uplink
