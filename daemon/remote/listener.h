#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "base/fd.h"
#include "base/log.h"
#include "base/result.h"
#include "plugin/event_loop.h"
#include "remote/connections.h"

namespace hpvmnet {

/// Takes connections from the network, as many as Connections admits, and hands them over. Control
/// thread.
class Listener {
 public:
  using Take = std::function<void(Fd connection)>;

  /// `loop`, `connections` and `log` outlive it.
  Listener(EventLoop& loop, Connections& connections, Log& log, Take take);

  /// Listens on HOST:PORT, too.
  Status listen(const std::string& host_and_port);

 private:
  struct Door {
    Fd socket;
    std::unique_ptr<Watch> watch;  ///< none while it rests
  };
  void open(Door& door);
  void accept(Door& door);
  void rest(Door& door);

  EventLoop& loop_;
  Connections& connections_;
  Log& log_;
  Take take_;
  std::list<Door> doors_;
  std::unique_ptr<Watch> rested_;
};

}  // namespace hpvmnet
