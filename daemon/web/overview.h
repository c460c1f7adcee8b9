#pragma once

#include "control/survey.h"
#include "hpvmnet/v1/overview.pb.h"

namespace hpvmnet {

/// The survey as the web page draws it first, with this host's name and the time.
v1::Overview make_overview(const Survey& survey);

}  // namespace hpvmnet
