#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/client.h"
#include "cli/top/rates.h"

namespace hpvmnet::cli {

/// Reads samples in a thread of its own, so that keys are answered meanwhile.
class Sampler {
 public:
  Sampler(Client client, v1::WatchCountersRequest request);
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  /// The newest rates, once.
  std::optional<Rates> take();
  /// Why there will be no more; none while there will.
  std::optional<Status> ended();

 private:
  void run();

  Client client_;
  const v1::WatchCountersRequest request_;
  grpc::ClientContext context_;
  std::mutex lock_;  // guards what follows
  std::optional<Rates> newest_;
  std::optional<Status> ended_;
  std::thread thread_;
};

}  // namespace hpvmnet::cli
