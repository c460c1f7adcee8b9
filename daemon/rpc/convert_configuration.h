#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "control/commands.h"
#include "hpvmnet/v1/configuration.pb.h"

namespace hpvmnet {

// Messages of ConfigurationService and their values, as convert.h has the others.

struct ApplyArguments {
  Configuration configuration;
  bool dry_run = false;
  bool force = false;
};

/// Errors begin with the source of the part that cannot be read.
Result<ApplyArguments> from_proto(const v1::ApplyConfigurationRequest& request);

void to_proto(const Configuration& from, v1::Configuration& to);
void to_proto(const ConfigurationPlan& from, v1::ApplyConfigurationResponse& to);

}  // namespace hpvmnet
