#include "cli/top/sampler.h"

#include <utility>

namespace hpvmnet::cli {

Sampler::Sampler(Client client, v1::WatchCountersRequest request)
    : client_(std::move(client)), request_(std::move(request)), thread_([this] { run(); }) {}

Sampler::~Sampler() {
  context_.TryCancel();
  thread_.join();
}

void Sampler::run() {
  std::optional<v1::WatchCountersResponse> last;
  const Status ended =
      client_.stream(context_, &Client::Watches::WatchCounters, request_, [&](const auto& sample) {
        if (last) {
          const std::lock_guard guard(lock_);
          newest_ = rates_between(*last, sample);
        }
        last = sample;
        return true;
      });
  const std::lock_guard guard(lock_);
  ended_ = ended;
}

std::optional<Rates> Sampler::take() {
  const std::lock_guard guard(lock_);
  return std::exchange(newest_, std::nullopt);
}

std::optional<Status> Sampler::ended() {
  const std::lock_guard guard(lock_);
  return ended_;
}

}  // namespace hpvmnet::cli
