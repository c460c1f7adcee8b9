#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/access.h"
#include "base/fd.h"
#include "base/log.h"
#include "plugin/event_loop.h"

namespace hpvmnet {

/// Bounds on what remote clients may take.
struct ConnectionLimits {
  using Duration = std::chrono::milliseconds;

  std::size_t most = 64;  ///< connections at a time; observers have three quarters of them at most
  Duration unknown = std::chrono::seconds(10);  ///< until the first call of somebody with a role
  Duration idle = std::chrono::minutes(6);      ///< without a call in progress
  Duration unread = std::chrono::seconds(30);   ///< that an answer waits for its client to read it
  Duration check = std::chrono::seconds(1);     ///< how often that is looked at
};

/// The TCP connections of remote clients, whoever reads and writes them. It ends those that exceed
/// their limits by shutting them down under their user. Where there are as many as there may be,
/// the oldest one of which no role is known makes room for a new one, so that strangers shut out
/// strangers and nobody else.
///
/// Methods are for the control thread, where nothing else is said.
class Connections {
 public:
  /// `loop` and `log` outlive it.
  Connections(EventLoop& loop, Log& log, const ConnectionLimits& limits);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  /// Takes a connection from `peer` into account. The socket stays the caller's, who must close it
  /// where the answer is false: there is no room.
  bool admit(int socket, const std::string& peer);

  // What happens on the connection from `peer`; any thread. `call` tells its calls apart.

  /// Somebody who may do this has begun a call.
  void call_began(const std::string& peer, const void* call, Access access);
  void call_ended(const std::string& peer, const void* call);
  /// An answer is to be sent, and has been taken.
  void write_began(const std::string& peer, const void* call);
  void write_ended(const std::string& peer, const void* call);

  std::size_t count() const;  ///< any thread

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection {
    Fd socket;  ///< a duplicate: it says when the connection ends, and can end it
    std::string peer;
    Clock::time_point since;  ///< since when there is no call
    std::optional<Access> role;
    std::map<const void*, std::optional<Clock::time_point>> calls;  ///< since when a write waits
  };
  using List = std::list<Connection>;  // oldest first

  List::iterator find(const std::string& peer);
  bool make_room();
  List::iterator cut(List::iterator connection);
  void observe_ends();
  void check();
  const char* excess_of(const Connection& connection, Clock::time_point now) const;
  void tell(const std::string& peer, const char* what);

  EventLoop& loop_;
  Log& log_;
  ConnectionLimits limits_;
  mutable std::mutex lock_;
  List connections_;
  Fd ends_;  ///< epoll: connections that have ended
  std::unique_ptr<Watch> ending_;
  std::unique_ptr<Watch> checking_;  ///< while there are connections
  Clock::time_point told_;
  std::size_t untold_ = 0;
};

}  // namespace hpvmnet
