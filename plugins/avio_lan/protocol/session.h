#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "avio_lan/protocol/connection.h"
#include "avio_lan/protocol/memory_table.h"
#include "avio_lan/protocol/message.h"
#include "avio_lan/protocol/ring_state.h"
#include "avio_lan/rings.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/result.h"

namespace hpvmnet::avio_lan {

/// The conversation with one front end, from its connection to its end: keeps what the front end
/// says and has the port's rings run accordingly. When it is destroyed the rings are at rest and
/// nothing of the guest is left. Control thread only.
class Session {
 public:
  /// All references outlive the session. `offered`: bits of feature, what a guest may use.
  /// `loss_event`: see MemoryTable.
  Session(Fd socket, std::uint64_t offered, Rings& rings, int loss_event, Log& log);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  int descriptor() const noexcept { return connection_.descriptor(); }
  bool hung_up() const { return connection_.hung_up(); }

  enum class State : unsigned char { alive, finished };

  /// Serves messages that have arrived, a limited number, so that nobody monopolises the control
  /// thread. Finished: the front end has closed. An error says what it did wrong; the session then
  /// is over, too.
  Result<State> serve();

  /// Looks for rings that the guest has broken, and reports them once.
  void report_broken_rings();

  bool memory_lost() const { return memory_.lost(); }
  /// What the guest takes, as far as it has said so.
  OffloadSet offloads() const noexcept;

 private:
  /// What a request is answered with.
  struct Answer {
    enum class Kind : unsigned char { done, refused, value };
    Kind kind = Kind::done;
    std::uint64_t value = 0;  // of requests that ask for one
  };
  using Outcome = Result<Answer>;
  struct Handler;
  static const Handler kHandlers[];

  static Answer value(std::uint64_t value) { return {Answer::Kind::value, value}; }
  static Outcome done(const Status& status);

  Status handle(Message& message);
  Status answer(const Message& message, const Answer& answer);
  static const Handler& find_handler(Request request);

  Outcome get_features(Message& message);
  Outcome set_features(Message& message);
  Outcome get_protocol_features(Message& message);
  Outcome set_protocol_features(Message& message);
  Outcome set_owner(Message& message);
  Outcome reset_owner(Message& message);
  Outcome get_queue_num(Message& message);
  Outcome net_set_mtu(Message& message);
  Outcome get_status(Message& message);
  Outcome set_status(Message& message);
  Outcome reset_device(Message& message);

  Outcome get_max_mem_slots(Message& message);
  Outcome set_mem_table(Message& message);
  Outcome add_mem_reg(Message& message);
  Outcome rem_mem_reg(Message& message);

  Outcome set_vring_num(Message& message);
  Outcome set_vring_base(Message& message);
  Outcome set_vring_addr(Message& message);
  Outcome get_vring_base(Message& message);
  Outcome set_vring_kick(Message& message);
  Outcome set_vring_call(Message& message);
  Outcome set_vring_err(Message& message);
  Outcome set_vring_enable(Message& message);

  /// A change of one ring, or of what concerns all of them.
  struct RingEvent {
    std::uint32_t index;
    Fd event;  // empty: there is none
  };
  using RingChange = std::function<Status(RingState&)>;
  using Change = std::function<void()>;

  Status change_ring(std::uint64_t index, const RingChange& change);
  Result<RingEvent> take_ring_event(Message& message);
  void change_rings(const Change& change);
  void suspend_rings();
  void run_rings();
  void run_ring(std::uint32_t index);
  Status check_runnable(const RingState& ring) const;

  Connection connection_;
  Rings& rings_;
  Log& log_;
  const std::uint64_t offered_;
  std::uint64_t features_ = 0;           // that the guest uses
  std::uint64_t protocol_features_ = 0;  // that the front end uses
  std::uint64_t status_ = 0;             // of the device, kept for the front end
  MemoryTable memory_;
  std::array<RingState, kRingCount> ring_states_;
};

}  // namespace hpvmnet::avio_lan
