#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "avio_lan/memory/guest_memory.h"
#include "avio_lan/protocol/message.h"
#include "avio_lan/ring/ring_setup.h"
#include "base/fd.h"
#include "base/result.h"

namespace hpvmnet::avio_lan {

/// One ring as the protocol sees it: what the front end has said of it. Control thread only.
///
/// Two independent switches: started or stopped, enabled or disabled. A ring that is started is run
/// by the workers as soon as its parts can be found in guest memory; while memory is exchanged
/// piece by piece they may be missing for a moment.
///
///     stopped  -- SET_VRING_KICK --------------------------------------> started
///     started  -- GET_VRING_BASE, RESET_DEVICE, SET_STATUS 0 ----------> stopped
///
///     | allowed          | stopped | started                                          |
///     | set_size         | yes     | no: workers rely on it                           |
///     | set_base         | yes     | no: workers know better                          |
///     | set_addresses    | yes     | yes: the ring moves, at the index it has reached |
///     | exchange_call    | yes     | yes, without a stop                              |
///     | set_error        | yes     | yes                                              |
///     | start            | yes     | yes: other kick descriptor                       |
///     | stop             | yes     | yes                                              |
///
/// Errors say what is wrong, for the caller to name the ring.
class RingState {
 public:
  Status set_size(std::uint32_t size);
  /// `value`: as the protocol has it for the kind of ring that these features of the guest mean.
  Status set_base(std::uint32_t value, std::uint64_t features);
  Status set_addresses(const VringAddresses& addresses);
  /// Returns the former one, which workers may be using.
  [[nodiscard]] Fd exchange_call(Fd call) { return std::exchange(call_, std::move(call)); }
  void set_error(Fd error) { error_ = std::move(error); }
  void set_enabled(bool enabled) noexcept { enabled_ = enabled; }

  /// Without a kick descriptor the ring is polled.
  void start(Fd kick);
  void stop();
  /// All but its call and error descriptors is as in the beginning.
  void reset();

  bool started() const noexcept { return started_; }
  int kick() const noexcept { return kick_.get(); }
  int call() const noexcept { return call_.get(); }
  int error() const noexcept { return error_.get(); }

  /// Notes where workers have stopped, to go on from there.
  void suspend(std::uint16_t position) noexcept { reached_ = position; }
  /// The same as the protocol has it; without workers so far, what the front end has said.
  std::uint32_t base(std::uint64_t features) const noexcept;

  /// The guest broke the ring's rules: it stays at rest until it is started anew.
  bool broken() const noexcept { return broken_; }
  void mark_broken() noexcept { broken_ = true; }

  /// Notes that a started ring's memory is missing, or not. Whether that is news.
  bool note_missing(bool missing) noexcept { return std::exchange(missing_, missing) != missing; }

  /// What the workers need, with the features that the guest uses; an error says why they can't run
  /// the ring.
  Result<RingSetup> setup(const std::shared_ptr<const GuestMemory>& memory,
                          std::uint64_t features) const;

 private:
  std::uint32_t size_ = 0;
  std::uint32_t told_base_ = 0;           // by the front end
  std::optional<std::uint16_t> reached_;  // by workers since
  VringAddresses addresses_;
  Fd kick_;
  Fd call_;
  Fd error_;
  bool started_ = false;
  bool enabled_ = false;
  bool broken_ = false;
  bool missing_ = false;
};

}  // namespace hpvmnet::avio_lan
