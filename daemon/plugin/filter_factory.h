#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "plugin/filter.h"

namespace hpvmnet {

/// Where a filter is to be set: desired state, a plain value.
struct FilterSpec {
  std::string vswitch;    ///< name of the vswitch
  std::string arguments;  ///< in the filter's own terms, printable ASCII; empty: none were given
};

/// A kind of filter: what a plugin provides. Control thread only.
class FilterFactory {
 public:
  virtual ~FilterFactory() = default;

  /// As in `hpvmnet -u filters:NAME`: lower-case letters, digits, '-' and '_'; unique among
  /// plugins.
  virtual std::string_view name() const = 0;

  /// Makes a filter for a vswitch. An error is a sentence for the administrator who gave the
  /// arguments; at a start of the daemon it leaves the vswitch shut. `log` outlives the filter; its
  /// lines carry the names of the vswitch and the filter. Not for workers, as judge() is.
  virtual Result<std::unique_ptr<Filter>> make(const FilterSpec& spec, Log& log) = 0;
};

}  // namespace hpvmnet
