#pragma once

#include <string>

#include "base/result.h"
#include "control/commands.h"
#include "http/http_message.h"
#include "rpc/visits.h"

namespace hpvmnet {

/// The replies that are made of the daemon's state. Where it does not come in time, or the daemon
/// is stopping: 503. Any thread but the control thread.
class Api {
 public:
  /// Both outlive it.
  Api(Visits& visits, const Commands& commands) : visits_(visits), commands_(commands) {}

  HttpReply metrics();                         ///< for Prometheus
  HttpReply overview();                        ///< v1.Overview as JSON
  HttpReply events(const std::string& after);  ///< v1.EventOverview as JSON; after that number
  HttpReply vswitch(const std::string& name);  ///< v1.Vswitch with its ports, as JSON

 private:
  Result<Survey> survey();

  Visits& visits_;
  const Commands& commands_;
};

}  // namespace hpvmnet
