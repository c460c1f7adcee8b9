#include "rpc/services.h"

#include <chrono>
#include <cstdlib>

#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/resource_quota.h>

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;

constexpr int kLargestAnswer = 4 << 20;
constexpr std::size_t kMostMemory = 64 << 20;  // for what is being received and sent
constexpr int kMostThreads = 32;    // for each door: one's clients cannot starve the other's
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

void limit(grpc::ServerBuilder& builder) {
  using Option = grpc::ServerBuilder::SyncServerOption;
  builder.SetSyncServerOption(Option::NUM_CQS, 1);
  builder.SetSyncServerOption(Option::MIN_POLLERS, 1);
  builder.SetSyncServerOption(Option::MAX_POLLERS, 2);
  builder.SetSyncServerOption(Option::CQ_TIMEOUT_MSEC,
                              static_cast<int>(std::chrono::milliseconds(kPollInterval).count()));
  builder.SetMaxSendMessageSize(kLargestAnswer);
  grpc::ResourceQuota quota;
  quota.SetMaxThreads(kMostThreads);
  quota.Resize(kMostMemory);
  builder.SetResourceQuota(quota);
}

}  // namespace

Services::Services(Loop& loop, Commands& commands, const Callers& callers, Audit& audit)
    : gate_(loop, commands, callers, audit),
      vswitches_(gate_),
      guests_(gate_),
      configuration_(gate_),
      daemon_(gate_),
      packets_(gate_),
      watch_(gate_) {
  prepare_process();
}

Services::~Services() {
  if (!server_) return;
  gate_.close();
  health_.stop();
  watch_.stop();
  server_->Shutdown(std::chrono::system_clock::now() + kTimeForLastAnswers);
}

bool Services::start(grpc::ServerBuilder& builder, int largest_request) {
  limit(builder);
  builder.SetMaxReceiveMessageSize(largest_request);
  builder.RegisterService(&vswitches_);
  builder.RegisterService(&guests_);
  builder.RegisterService(&configuration_);
  builder.RegisterService(&daemon_);
  builder.RegisterService(&packets_);
  builder.RegisterService(&health_);
  builder.RegisterService(&watch_);
  server_ = builder.BuildAndStart();
  return server_ != nullptr;
}

}  // namespace hpvmnet
