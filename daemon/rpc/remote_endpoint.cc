#include "rpc/remote_endpoint.h"

#include <chrono>
#include <utility>

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "rpc/call_watch.h"
#include "rpc/role_check.h"

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;
namespace tls = grpc::experimental;

constexpr unsigned kTakeUpSeconds = 1;  // how often gRPC looks for new certificates
constexpr int kMostCalls = 16;          // at a time, for each connection
// Far more than any request has: what is no part of the contract takes ten times its size once
// read.
constexpr int kLargestRequest = 1 << 20;
constexpr int kMostMetadata = 16 << 10;
constexpr auto kHandshake = 5s;
constexpr auto kGrace = 60s;  // that a polite client is asked to go before it is cut off

std::shared_ptr<grpc::ServerCredentials> credentials(const Trust& trust,
                                                     const RemoteCallers& callers) {
  const Trust::Paths& paths = trust.paths();
  tls::TlsServerCredentialsOptions options(std::make_shared<tls::FileWatcherCertificateProvider>(
      paths.key, paths.certificate, paths.authorities, kTakeUpSeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  auto made = tls::TlsServerCredentials(options);
  made->SetAuthMetadataProcessor(std::make_shared<RoleCheck>(callers));
  return made;
}

void set(grpc::ServerBuilder& builder, const char* what, std::chrono::milliseconds time) {
  builder.AddChannelArgument(what, static_cast<int>(time.count()));
}

}  // namespace

RemoteEndpoint::RemoteEndpoint(const ConnectionLimits& limits, const Trust& trust, Loop& loop,
                               Commands& commands, Audit& audit, Log& log)
    : callers_(trust),
      connections_(loop, log, limits),
      services_(loop, commands, callers_, audit),
      listener_(loop, connections_, log, [this](Fd connection) { take(std::move(connection)); }) {}

Result<std::unique_ptr<RemoteEndpoint>> RemoteEndpoint::start(
    const std::vector<std::string>& addresses, const ConnectionLimits& limits, const Trust& trust,
    Loop& loop, Commands& commands, Audit& audit, Log& log) {
  std::unique_ptr<RemoteEndpoint> endpoint(
      new RemoteEndpoint(limits, trust, loop, commands, audit, log));
  if (!endpoint->serve(limits, trust)) {
    return fail(ErrorCode::internal, "cannot serve remote clients: gRPC refuses to begin");
  }
  for (const std::string& address : addresses) {
    if (Status listening = endpoint->listener_.listen(address); !listening) {
      return tl::unexpected(listening.error());
    }
  }
  return endpoint;
}

bool RemoteEndpoint::serve(const ConnectionLimits& limits, const Trust& trust) {
  grpc::ServerBuilder builder;
  acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      credentials(trust, callers_));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostCalls);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadata);
  set(builder, GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshake);
  set(builder, GRPC_ARG_MAX_CONNECTION_IDLE_MS, limits.idle - kGrace);
  // A host that has gone without a word is noticed, and a long stream is no reason to be cut off.
  set(builder, GRPC_ARG_KEEPALIVE_TIME_MS, 30s);
  set(builder, GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20s);
  set(builder, GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10s);
  std::vector<std::unique_ptr<tls::ServerInterceptorFactoryInterface>> watches;
  watches.push_back(std::make_unique<CallWatchFactory>(connections_, callers_));
  builder.experimental().SetInterceptorCreators(std::move(watches));
  return services_.start(builder, kLargestRequest);
}

void RemoteEndpoint::take(Fd connection) {
  tls::ExternalConnectionAcceptor::NewConnectionParameters parameters;
  parameters.fd = connection.release();
  acceptor_->HandleNewConnection(&parameters);
}

}  // namespace hpvmnet
