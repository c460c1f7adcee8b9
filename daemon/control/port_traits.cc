#include "control/port_traits.h"

namespace hpvmnet {

// Rings lie in memory that a guest shares: kinds of port that share none have none.
TraitsOf traits_of(const std::function<Adaptor*(std::string_view name)>& find_adaptor) {
  return [&find_adaptor](std::string_view name) -> PortTraits {
    const Adaptor* adaptor = find_adaptor(name);
    if (adaptor == nullptr) return {};
    return {.rings = adaptor->needs_shared_memory(),
            .mac = adaptor->uses_mac(),
            .queue_pairs = adaptor->uses_queue_pairs()};
  };
}

}  // namespace hpvmnet
