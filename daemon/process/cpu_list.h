#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hpvmnet {

/// Numbers of processors, ascending.
using CpuList = std::vector<unsigned>;

/// The processors that this process may run on.
CpuList usable_cpus();

/// Reads "0,2-3". Refuses what is no such list, a processor that is not in `usable`, and one that
/// is named twice.
Result<CpuList> parse_cpu_list(std::string_view text, const CpuList& usable);

/// The shortest text that parse_cpu_list() reads as these.
std::string to_text(const CpuList& cpus);

}  // namespace hpvmnet
