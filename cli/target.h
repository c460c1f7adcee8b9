#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "cli/result.h"
#include "cli/tls_files.h"

namespace hpvmnet::cli {

/// What a command wants of the daemon.
enum class Access : unsigned char { look, administer };

/// Where the daemon is.
class Target {
 public:
  /// Reads unix:PATH or HOST:PORT. `source` is where the user wrote it ("--target"), for the
  /// message.
  static Result<Target> parse(const std::string& text, const std::string& source);

  /// The socket in `run_directory` that serves `access`: control.sock, or read.sock for those who
  /// want to look only and may not open control.sock.
  static Target local(const std::filesystem::path& run_directory, Access access);

  bool is_local() const { return !socket_.empty(); }

  /// In gRPC's terms.
  const std::string& address() const { return address_; }

  /// By what a daemon on another host is reached. To be set before a client uses the target.
  void set_tls(TlsFiles files) { tls_ = std::move(files); }
  const TlsFiles& tls() const { return tls_; }

  /// Why nobody could be reached here, and what to do about it. Tries again, where that is cheap,
  /// to see the reason; `reason` stands in otherwise.
  std::string explain_unreachable(const std::string& reason) const;

 private:
  explicit Target(std::filesystem::path socket);
  explicit Target(std::string address) : address_(std::move(address)) {}

  std::filesystem::path socket_;  ///< empty: on the network
  std::string address_;
  TlsFiles tls_;
};

}  // namespace hpvmnet::cli
