#include "rpc/event_stream.h"

#include <chrono>
#include <vector>

namespace hpvmnet {
namespace {

constexpr std::size_t kMostInMessage = 64;

void to_proto(const Event& from, v1::Event& to) {
  to.set_sequence(from.sequence);
  to.set_time_ns(static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(from.time.time_since_epoch()).count()));
  to.set_kind(std::string(name_of(from.kind)));
  to.set_vswitch(from.vswitch);
  if (from.port) to.set_port(*from.port);
  to.set_guest(from.guest);
  to.set_text(from.text);
}

}  // namespace

EventStream::EventStream(const v1::WatchEventsRequest& request, WatchStreamHost& host)
    : WatchStreamOf(host),
      request_(request),
      vswitches_(request.vswitches().begin(), request.vswitches().end()) {}

// A number that this journal has not reached yet is of another one, whatever the client says.
void EventStream::begin(const Commands& commands, EventLoop& /*loop*/) {
  const EventJournal& journal = commands.events();
  restarted_ = (!request_.instance().empty() && request_.instance() != journal.instance()) ||
               (request_.has_since_sequence() && request_.since_sequence() > journal.newest());
  if (!restarted_) {
    sent_ = request_.has_since_sequence() ? request_.since_sequence() : journal.newest();
  }
  last_ = journal.newest();
  begun_ = true;
  look(commands);
}

bool EventStream::prepare(const Commands& commands, v1::WatchEventsResponse& next) {
  if (!begun_) return false;
  const EventJournal& journal = commands.events();
  next.Clear();
  const bool first = !std::exchange(introduced_, true);
  if (first) {
    next.set_instance(journal.instance());
    next.set_restarted(restarted_);
  }
  if (sent_ + 1 < journal.oldest()) {
    next.mutable_gap()->set_first(sent_ + 1);
    next.mutable_gap()->set_last(journal.oldest() - 1);
    sent_ = journal.oldest() - 1;
  }
  while (next.events().empty() && sent_ < journal.newest() && !complete()) {
    for (const Event& event : journal.since(sent_, kMostInMessage)) {
      sent_ = event.sequence;
      if (vswitches_.empty() || vswitches_.contains(event.vswitch)) {
        to_proto(event, *next.add_events());
      }
    }
  }
  return first || next.has_gap() || !next.events().empty();
}

}  // namespace hpvmnet
