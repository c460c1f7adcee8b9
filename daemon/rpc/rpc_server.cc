#include "rpc/rpc_server.h"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rpc/callers.h"
#include "rpc/services.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

constexpr int kLargestRequest = 4 << 20;

// gRPC takes the path of a socket as part of a URI.
std::string to_uri(const fs::path& path) {
  std::string uri = "unix:";
  for (const char character : path.native()) {
    if (character == '%') {
      uri += "%25";
    } else {
      uri += character;
    }
  }
  return uri;
}

// A socket that is open to nobody until its mode has been set.
class ClosedUmask {
 public:
  ClosedUmask() : before_(::umask(0777)) {}
  ~ClosedUmask() { ::umask(before_); }
  ClosedUmask(const ClosedUmask&) = delete;
  ClosedUmask& operator=(const ClosedUmask&) = delete;

 private:
  mode_t before_;
};

Status remove_stale(const fs::path& path) {
  std::error_code ignored;
  const fs::file_type type = fs::symlink_status(path, ignored).type();
  if (type == fs::file_type::not_found) return {};
  if (type != fs::file_type::socket) {
    return fail(ErrorCode::failed_precondition,
                fmt::format("{} is in the way and is no socket; remove it", path.native()));
  }
  if (::unlink(path.c_str()) == 0) return {};
  return system_failure(fmt::format("cannot remove {}", path.native()), errno);
}

}  // namespace

/// One socket and all that it serves.
class RpcServer::Endpoint {
 public:
  Endpoint(const fs::path& path, Loop& loop, Commands& commands, Access access, Audit& audit)
      : path_(path),
        callers_(path.filename(), access),
        services_(loop, commands, callers_, audit) {}

  ~Endpoint() {
    if (opened_) ::unlink(path_.c_str());
  }

  Status start(mode_t mode) {
    if (const Status removed = remove_stale(path_); !removed) return removed;
    grpc::ServerBuilder builder;
    builder.AddListeningPort(to_uri(path_), grpc::InsecureServerCredentials());
    {
      const ClosedUmask closed;
      opened_ = services_.start(builder, kLargestRequest);
    }
    if (opened_ && ::chmod(path_.c_str(), mode) == 0) return {};
    if (opened_) return system_failure(fmt::format("cannot open {}", path_.native()), errno);
    return fail(
        ErrorCode::internal,
        fmt::format("cannot listen on {}; is its directory there, and writable?", path_.native()));
  }

 private:
  fs::path path_;
  LocalCallers callers_;
  bool opened_ = false;
  Services services_;
};

RpcServer::RpcServer() = default;
RpcServer::~RpcServer() = default;

Result<std::unique_ptr<RpcServer>> RpcServer::start(const fs::path& run_directory, Loop& loop,
                                                    Commands& commands, Audit& audit) {
  std::unique_ptr<RpcServer> server(new RpcServer);
  server->control_ = std::make_unique<Endpoint>(run_directory / "control.sock", loop, commands,
                                                Access::administer, audit);
  server->read_ =
      std::make_unique<Endpoint>(run_directory / "read.sock", loop, commands, Access::look, audit);
  Status started = server->control_->start(0660);
  if (started) started = server->read_->start(0666);
  if (!started) return tl::unexpected(started.error());
  return server;
}

}  // namespace hpvmnet
