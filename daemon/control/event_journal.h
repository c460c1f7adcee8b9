#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "control/event.h"

namespace hpvmnet {

/// What has happened since the daemon started: the newest kCapacity events. Readers keep the number
/// of the last event that they have seen and ask for what came after it, so they cost the journal
/// nothing while they are slow or gone. Control thread only, but for instance().
class EventJournal {
 public:
  static constexpr std::size_t kCapacity = 4096;

  /// `instance`: a random number, which tells this journal from those of other runs of the daemon.
  explicit EventJournal(std::uint64_t instance, std::size_t capacity = kCapacity);

  /// Numbers the event, notes the time, and tells all subscribers.
  void publish(Event event);

  /// Numbers begin anew with each instance. 16 hexadecimal digits. Any thread.
  const std::string& instance() const noexcept { return instance_; }
  std::uint64_t newest() const noexcept { return newest_; }  ///< number; 0: none yet
  /// The number of the oldest event that is still there; newest() + 1 where there is none.
  std::uint64_t oldest() const noexcept { return newest_ + 1 - events_.size(); }

  /// The events after number `sequence`, oldest first, at most `most`. Where sequence + 1 is less
  /// than oldest(), those in between are lost.
  std::vector<Event> since(std::uint64_t sequence, std::size_t most = kCapacity) const;

  /// Ends when it is destroyed, which may be in its own call. The journal must still be there.
  class Subscription {
   public:
    virtual ~Subscription() = default;
  };

  /// Calls `published` with each event from now on. It must not publish.
  [[nodiscard]] std::unique_ptr<Subscription> subscribe(
      std::function<void(const Event&)> published) const;

 private:
  class Ticket;

  const std::string instance_;
  const std::size_t capacity_;
  std::deque<Event> events_;
  std::uint64_t newest_ = 0;
  // Who reads the journal is no part of what it says.
  mutable std::map<std::uint64_t, std::function<void(const Event&)>> subscribers_;
  mutable std::uint64_t next_subscriber_ = 0;
};

}  // namespace hpvmnet
