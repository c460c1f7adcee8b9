#include "control/event_journal.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hpvmnet {

class EventJournal::Ticket final : public Subscription {
 public:
  Ticket(const EventJournal& journal, std::uint64_t number) : journal_(journal), number_(number) {}
  ~Ticket() override { journal_.subscribers_.erase(number_); }

 private:
  const EventJournal& journal_;
  const std::uint64_t number_;
};

EventJournal::EventJournal(std::uint64_t instance, std::size_t capacity)
    : instance_(fmt::format("{:016x}", instance)), capacity_(capacity) {}

// Subscribers may end while they are being told, and new ones come, for whom the event is too old.
void EventJournal::publish(Event event) {
  event.sequence = ++newest_;
  event.time = std::chrono::system_clock::now();
  events_.push_back(event);
  if (events_.size() > capacity_) events_.pop_front();
  const std::uint64_t last = next_subscriber_;
  std::uint64_t told = 0;
  for (auto next = subscribers_.begin(); next != subscribers_.end() && next->first <= last;
       next = subscribers_.upper_bound(told)) {
    told = next->first;
    const auto published = next->second;  // its own end must not end it under way
    published(event);
  }
}

std::vector<Event> EventJournal::since(std::uint64_t sequence, std::size_t most) const {
  if (sequence >= newest_) return {};
  const std::size_t skipped = sequence < oldest() ? 0 : sequence + 1 - oldest();
  const std::size_t count = std::min(most, events_.size() - skipped);
  const auto first = events_.begin() + static_cast<std::ptrdiff_t>(skipped);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

std::unique_ptr<EventJournal::Subscription> EventJournal::subscribe(
    std::function<void(const Event&)> published) const {
  const std::uint64_t number = ++next_subscriber_;
  subscribers_.emplace(number, std::move(published));
  return std::make_unique<Ticket>(*this, number);
}

}  // namespace hpvmnet
