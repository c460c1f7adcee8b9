#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hpvmnet/v1/watch.pb.h"

namespace hpvmnet::cli {

/// What passed one port between two samples, a second. Ingress is from the guest.
struct PortRates {
  std::string vswitch;
  std::uint32_t number = 0;
  std::string guest;
  std::string adaptor;
  bool active = false;
  double in_frames = 0;
  double in_bits = 0;
  double out_frames = 0;
  double out_bits = 0;
  double drops = 0;
  std::string reason;                  ///< of most of the drops; empty: there were none
  double burst = 0;                    ///< frames in one, on average; 0: none came
  std::vector<std::uint32_t> workers;  ///< without repetitions
};

struct WorkerRates {
  std::string name;  ///< "worker 0 (cpu 2)"
  double busy = 0;   ///< 0 to 1
};

struct Rates {
  double seconds = 0;         ///< between the samples
  std::uint64_t skipped = 0;  ///< samples between them that were left out
  std::size_t vswitches = 0;
  std::vector<PortRates> ports;  ///< in the order of the later sample
  std::vector<WorkerRates> workers;
};

/// A port or worker that has begun anew in between has rates from its beginning. Pure.
Rates rates_between(const v1::WatchCountersResponse& from, const v1::WatchCountersResponse& to);

}  // namespace hpvmnet::cli
