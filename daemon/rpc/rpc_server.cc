#include "rpc/rpc_server.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rpc/daemon_service.h"
#include "rpc/gate.h"
#include "rpc/guest_service.h"
#include "rpc/health_service.h"
#include "rpc/vswitch_service.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int kLargestMessage = 4 << 20;
constexpr int kMostThreads = 32;    // for each socket: one's clients cannot starve the other's
constexpr auto kPollInterval = 1h;  // of gRPC's idle threads; they are woken up when needed
constexpr auto kTimeForLastAnswers = 100ms;

// gRPC has settings for the whole process only.
void prepare_process() {
  // One user of the library more than there are, who never goes: its last user has to wait, for ten
  // seconds and more, until every client has read what was sent to it.
  [[maybe_unused]] static const bool kept = (grpc_init(), true);
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
}

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

void limit(grpc::ServerBuilder& builder) {
  using Option = grpc::ServerBuilder::SyncServerOption;
  builder.SetSyncServerOption(Option::NUM_CQS, 1);
  builder.SetSyncServerOption(Option::MIN_POLLERS, 1);
  builder.SetSyncServerOption(Option::MAX_POLLERS, 2);
  builder.SetSyncServerOption(Option::CQ_TIMEOUT_MSEC,
                              static_cast<int>(std::chrono::milliseconds(kPollInterval).count()));
  builder.SetMaxReceiveMessageSize(kLargestMessage);
  builder.SetMaxSendMessageSize(kLargestMessage);
  grpc::ResourceQuota quota;
  quota.SetMaxThreads(kMostThreads);
  builder.SetResourceQuota(quota);
}

}  // namespace

/// One socket and all that it serves.
class RpcServer::Endpoint {
 public:
  Endpoint(fs::path path, Loop& loop, Commands& commands, Access access)
      : path_(std::move(path)), gate_(loop, commands, access), vswitches_(gate_), guests_(gate_) {}

  ~Endpoint() {
    if (!server_) return;
    gate_.close();
    health_.stop();
    server_->Shutdown(std::chrono::system_clock::now() + kTimeForLastAnswers);
    ::unlink(path_.c_str());
  }

  Status start(mode_t mode) {
    if (const Status removed = remove_stale(path_); !removed) return removed;
    grpc::ServerBuilder builder;
    limit(builder);
    builder.AddListeningPort(to_uri(path_), grpc::InsecureServerCredentials());
    builder.RegisterService(&vswitches_);
    builder.RegisterService(&guests_);
    builder.RegisterService(&daemon_);
    builder.RegisterService(&health_);
    {
      const ClosedUmask closed;
      server_ = builder.BuildAndStart();
    }
    if (server_ && ::chmod(path_.c_str(), mode) == 0) return {};
    if (server_) return system_failure(fmt::format("cannot open {}", path_.native()), errno);
    return fail(
        ErrorCode::internal,
        fmt::format("cannot listen on {}; is its directory there, and writable?", path_.native()));
  }

 private:
  fs::path path_;
  Gate gate_;
  VswitchService vswitches_;
  GuestService guests_;
  DaemonService daemon_;
  HealthService health_;
  std::unique_ptr<grpc::Server> server_;
};

RpcServer::RpcServer() = default;
RpcServer::~RpcServer() = default;

Result<std::unique_ptr<RpcServer>> RpcServer::start(const fs::path& run_directory, Loop& loop,
                                                    Commands& commands) {
  prepare_process();
  std::unique_ptr<RpcServer> server(new RpcServer);
  server->control_ = std::make_unique<Endpoint>(run_directory / "control.sock", loop, commands,
                                                Access::administer);
  server->read_ =
      std::make_unique<Endpoint>(run_directory / "read.sock", loop, commands, Access::look);
  Status started = server->control_->start(0660);
  if (started) started = server->read_->start(0666);
  if (!started) return tl::unexpected(started.error());
  return server;
}

}  // namespace hpvmnet
