#include "rpc/gate.h"

namespace hpvmnet {

Gate::Gate(Loop& loop, Commands& commands, const Callers& callers, Audit& audit)
    : visits_(loop), commands_(commands), callers_(callers), audit_(audit) {}

}  // namespace hpvmnet
