#include "host/own_queue.h"

#include <memory>
#include <set>

#include <gtest/gtest.h>

namespace hpvmnet::host {
namespace {

constexpr std::size_t kWorkers = 5;

/// The queues by which that many workers send.
std::set<std::size_t> queues_of(const Tally* tallies, std::size_t workers, std::size_t count) {
  std::set<std::size_t> queues;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    queues.insert(own_queue(tallies[worker], count));
  }
  return queues;
}

TEST(OwnQueue, IsEachWorkersOwnWhereThereAreEnough) {
  const auto tallies = std::make_unique<Tally[]>(kWorkers);
  for (std::size_t count = kWorkers; count < 20; ++count) {
    const std::set<std::size_t> queues = queues_of(tallies.get(), kWorkers, count);
    EXPECT_EQ(queues.size(), kWorkers) << count;
    EXPECT_LT(*queues.rbegin(), count);
  }
}

TEST(OwnQueue, LeavesNoQueueIdleWhereThereAreFewer) {
  const auto tallies = std::make_unique<Tally[]>(kWorkers);
  for (std::size_t count = 1; count < kWorkers; ++count) {
    const std::set<std::size_t> queues = queues_of(tallies.get(), kWorkers, count);
    EXPECT_EQ(queues.size(), count);
    EXPECT_LT(*queues.rbegin(), count);
  }
}

}  // namespace
}  // namespace hpvmnet::host
