#pragma once

#include "plugin/event_loop.h"

namespace hpvmnet::test {

/// Counts how often it is raised.
class CountingSignal final : public Signal {
 public:
  void raise() noexcept override { ++raised; }
  int raised = 0;
};

}  // namespace hpvmnet::test
