#pragma once

#include <string>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>

namespace hpvmnet {

using Labels = std::vector<prometheus::ClientMetric::Label>;

/// All values of one name. What only grows since the start has a name that ends with "_total".
class Family {
 public:
  Family(std::string name, std::string help) {
    family_.type =
        name.ends_with("_total") ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    family_.name = std::move(name);
    family_.help = std::move(help);
  }

  void add(Labels labels, double value) {
    prometheus::ClientMetric& metric = family_.metric.emplace_back();
    metric.label = std::move(labels);
    metric.counter.value = value;
    metric.gauge.value = value;
  }

  prometheus::MetricFamily take() && { return std::move(family_); }

 private:
  prometheus::MetricFamily family_;
};

}  // namespace hpvmnet
