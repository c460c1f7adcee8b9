#pragma once

namespace hpvmnet {

/// What a client of the control plane may do.
enum class Access : unsigned char { look, administer };

}  // namespace hpvmnet
