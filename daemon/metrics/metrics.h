#pragma once

#include <string>

#include "control/survey.h"

namespace hpvmnet {

/// The media type of metrics_text().
inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

/// What is known of vswitches, ports and workers, and of this process, in the format that
/// Prometheus collects. Any thread.
std::string metrics_text(const Survey& survey);

}  // namespace hpvmnet
