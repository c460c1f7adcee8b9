#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace hpvmnet {

/// A call, as the transport knows it.
struct Asked {
  std::chrono::system_clock::time_point deadline;
  std::string from;                ///< the client's address; empty on local sockets
  std::vector<std::string> names;  ///< of the client's certificate, as Roles writes them
  std::string method;              ///< "CreateVswitch"
  std::string request;             ///< what is asked for, in protobuf's short text form
};

}  // namespace hpvmnet
