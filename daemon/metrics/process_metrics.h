#pragma once

#include <vector>

#include <prometheus/metric_family.h>

namespace hpvmnet {

/// What Prometheus expects to hear of every process. Reads /proc: where that fails, a value is left
/// out. Any thread.
std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace hpvmnet
