#include "rpc/gate.h"

namespace hpvmnet {

Gate::Gate(Loop& loop, Commands& commands, const Callers& callers, Audit& audit)
    : visits_(loop), commands_(commands), callers_(callers), audit_(audit) {}

void Gate::post(std::function<void(const Commands&, EventLoop&)> visit) {
  visits_.post([visit = std::move(visit), &commands = std::as_const(commands_)](EventLoop& loop) {
    visit(commands, loop);
  });
}

}  // namespace hpvmnet
