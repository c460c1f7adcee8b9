#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/listen_address.h"
#include "base/log.h"
#include "base/result.h"
#include "base/socket_access.h"
#include "process/cpu_list.h"

namespace hpvmnet {

/// hpvmnetd's command line as a value. Nothing else looks at it.
struct Options {
  /// Spins for ever.
  static constexpr std::chrono::microseconds kAlways = std::chrono::microseconds::max();

  std::filesystem::path run_directory;    ///< absolute
  std::filesystem::path state_directory;  ///< absolute
  /// One worker for each, pinned to it. None: one worker, not pinned.
  CpuList workers;
  /// For how long a worker looks for frames before it sleeps; 0: not at all.
  std::chrono::microseconds spin{50};
  LogLevel log_level = LogLevel::info;
  std::filesystem::path plugin_directory;  ///< absolute
  std::vector<std::string> listen;         ///< HOST:PORT for remote clients; none: no TCP
  std::filesystem::path tls_directory;     ///< absolute
  std::size_t max_connections = 64;        ///< of remote clients at a time
  std::optional<ListenAddress> http;       ///< of the web page and metrics; none: not served
  /// Who may connect to the ports' sockets.
  SocketAccess socket_access;
};

/// The text that --help or --version ask for.
using Answer = std::string;

/// Reads the arguments of main(). Paths of which nothing was said have their defaults; workers are
/// judged by the processors that this process may use.
Result<std::variant<Options, Answer>> parse_options(int count, const char* const* arguments);

}  // namespace hpvmnet
