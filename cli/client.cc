#include "cli/client.h"

#include <cstdlib>

#include <fmt/format.h>
#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

namespace hpvmnet::cli {
namespace {

// The trailing metadata by which the daemon marks errors that it answers itself: their text is
// already a sentence for the user. All others come from the transport.
constexpr const char* kDaemonErrorMetadata = "hpvmnet-error";

// gRPC's own log has the failures that explain() tells about, in words that are not for users.
void silence_grpc() {
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
}

// A local socket guards itself by its mode; nothing goes over a network in the clear.
std::shared_ptr<grpc::ChannelCredentials> credentials(const Target& target) {
  if (target.is_local()) return grpc::InsecureChannelCredentials();
  const TlsFiles& files = target.tls();
  return grpc::SslCredentials({files.authorities, files.key, files.certificate});
}

std::shared_ptr<grpc::Channel> open_channel(const Target& target) {
  silence_grpc();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);     // a change must not be made twice
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);  // proxies of the environment are for the web
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  return grpc::CreateCustomChannel(target.address(), credentials(target), arguments);
}

constexpr std::string_view kUnknownOutcome =
    "; whether the change was made is not known, so look before you try again";

// In gRPC's words: the call was not sent.
bool never_connected(const grpc::Status& status) {
  return status.error_message().starts_with("failed to connect") ||
         status.error_message().starts_with("DNS resolution failed");
}

}  // namespace

Client::Client(Target target, std::chrono::milliseconds timeout)
    : target_(std::move(target)), timeout_(timeout) {
  const auto channel = open_channel(target_);
  stubs_ = {v1::ConfigurationService::NewStub(channel), v1::DaemonService::NewStub(channel),
            v1::GuestService::NewStub(channel),         v1::PacketService::NewStub(channel),
            v1::VswitchService::NewStub(channel),       v1::WatchService::NewStub(channel)};
}

std::string Client::explain(const grpc::Status& status, const grpc::ClientContext& context,
                            Effect effect) const {
  if (context.GetServerTrailingMetadata().contains(kDaemonErrorMetadata)) {
    return status.error_message();
  }
  const auto unknown = effect == Effect::change ? kUnknownOutcome : std::string_view();
  switch (status.error_code()) {
    case grpc::StatusCode::PERMISSION_DENIED:  // of the door, before anything of the call was seen
      return status.error_message();
    case grpc::StatusCode::UNAVAILABLE:
      if (never_connected(status)) return target_.explain_unreachable(status.error_message());
      return fmt::format("lost the connection to hpvmnetd at {} ({}){}", target_.address(),
                         status.error_message(), unknown);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return fmt::format(
          "hpvmnetd at {} does not answer within {} s; 'systemctl status hpvmnetd' tells how it "
          "is, --timeout gives it more time{}",
          target_.address(), static_cast<double>(timeout_.count()) / 1000, unknown);
    case grpc::StatusCode::UNIMPLEMENTED:
      return fmt::format(
          "hpvmnetd at {} does not know this command: it is of another version than this client, "
          "which is {}; 'hpvmnet -v' shows both",
          target_.address(), HPVMNET_VERSION);
    default:
      return fmt::format("hpvmnetd at {}: {} (gRPC status {}){}", target_.address(),
                         status.error_message(), static_cast<int>(status.error_code()), unknown);
  }
}

}  // namespace hpvmnet::cli
