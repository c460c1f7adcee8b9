#include "uplink/host_side.h"

#include <utility>

namespace hpvmnet::uplink {

Result<std::unique_ptr<HostSide>> HostSide::open(int index) {
  auto tap = host::Tap::make("hpvmup%d", 1);
  if (!tap) return tl::unexpected(tap.error());
  if (Status silent = host::make_silent(tap->name); !silent) {
    return tl::unexpected(silent.error());
  }
  auto programs = HostPrograms::attach(index, tap->index);
  if (!programs) return tl::unexpected(programs.error());
  if (Status up = host::set_interface_up(tap->name, true); !up) return tl::unexpected(up.error());
  return std::unique_ptr<HostSide>(new HostSide(*std::move(tap), *std::move(programs)));
}

HostSide::HostSide(host::Tap tap, std::unique_ptr<HostPrograms> programs)
    : tap_(std::move(tap)),
      queue_(std::make_unique<host::TapQueue>(tap_.queues.front().get())),
      programs_(std::move(programs)) {}

HostSide::~HostSide() = default;

}  // namespace hpvmnet::uplink
