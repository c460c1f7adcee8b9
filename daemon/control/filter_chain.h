#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "control/model.h"
#include "plugin/filter_factory.h"

namespace hpvmnet {

/// The filters of a live vswitch, in the order in which frames meet them. Control thread only; what
/// workers use of one must outlive their use.
class FilterChain {
 public:
  using Find = std::function<FilterFactory*(std::string_view name)>;

  struct Link {
    FilterSettings settings;
    std::string remark;  ///< why it cannot be used; empty: it can
  };

  FilterChain() = default;

  /// Makes a chain. Filters that `before` has already, set the same way, are taken over with what
  /// they have come to know. One that cannot be made is replaced by one that refuses every frame.
  FilterChain(const std::string& vswitch, const std::vector<FilterSettings>& settings,
              const FilterChain& before, const Find& find, Log& log);

  /// The first that could not be made, as an error.
  Status check(const std::string& vswitch) const;

  const std::vector<Link>& links() const { return links_; }
  /// As views hold them.
  std::vector<Filter*> filters() const;

 private:
  struct Instance;

  std::shared_ptr<Instance> find_usable(const FilterSettings& settings) const;

  std::vector<Link> links_;
  std::vector<std::shared_ptr<Instance>> instances_;  ///< by link
};

}  // namespace hpvmnet
