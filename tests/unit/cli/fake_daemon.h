#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <grpcpp/server.h>
#include <grpcpp/server_context.h>

#include "hpvmnet/v1/configuration.grpc.pb.h"
#include "hpvmnet/v1/daemon.grpc.pb.h"
#include "hpvmnet/v1/guest.grpc.pb.h"
#include "hpvmnet/v1/packet.grpc.pb.h"
#include "hpvmnet/v1/vswitch.grpc.pb.h"
#include "hpvmnet/v1/watch.grpc.pb.h"
#include "support/temporary_directory.h"

namespace hpvmnet::cli {

using test::TemporaryDirectory;
using testing::_;

class MockConfigurationService : public v1::ConfigurationService::Service {
 public:
  MOCK_METHOD(grpc::Status, GetConfiguration,
              (grpc::ServerContext*, const v1::GetConfigurationRequest*, v1::Configuration*),
              (override));
  MOCK_METHOD(grpc::Status, ApplyConfiguration,
              (grpc::ServerContext*, const v1::ApplyConfigurationRequest*,
               v1::ApplyConfigurationResponse*),
              (override));
};

class MockDaemonService : public v1::DaemonService::Service {
 public:
  MOCK_METHOD(grpc::Status, GetVersion,
              (grpc::ServerContext*, const v1::GetVersionRequest*, v1::GetVersionResponse*),
              (override));
  MOCK_METHOD(grpc::Status, ListPlugins,
              (grpc::ServerContext*, const v1::ListPluginsRequest*, v1::ListPluginsResponse*),
              (override));
};

class MockGuestService : public v1::GuestService::Service {
 public:
  MOCK_METHOD(grpc::Status, ListGuests,
              (grpc::ServerContext*, const v1::ListGuestsRequest*, v1::ListGuestsResponse*),
              (override));
  MOCK_METHOD(grpc::Status, GetGuest,
              (grpc::ServerContext*, const v1::GetGuestRequest*, v1::Guest*), (override));
  MOCK_METHOD(grpc::Status, CreateGuest,
              (grpc::ServerContext*, const v1::CreateGuestRequest*, v1::Guest*), (override));
  MOCK_METHOD(grpc::Status, CloneGuest,
              (grpc::ServerContext*, const v1::CloneGuestRequest*, v1::Guest*), (override));
  MOCK_METHOD(grpc::Status, ModifyGuest,
              (grpc::ServerContext*, const v1::ModifyGuestRequest*, v1::Guest*), (override));
  MOCK_METHOD(grpc::Status, RemoveGuest,
              (grpc::ServerContext*, const v1::RemoveGuestRequest*, v1::RemoveGuestResponse*),
              (override));
  MOCK_METHOD(grpc::Status, DescribeAttachment,
              (grpc::ServerContext*, const v1::DescribeAttachmentRequest*,
               v1::DescribeAttachmentResponse*),
              (override));
};

class MockVswitchService : public v1::VswitchService::Service {
 public:
  MOCK_METHOD(grpc::Status, ListVswitches,
              (grpc::ServerContext*, const v1::ListVswitchesRequest*, v1::ListVswitchesResponse*),
              (override));
  MOCK_METHOD(grpc::Status, GetVswitch,
              (grpc::ServerContext*, const v1::GetVswitchRequest*, v1::Vswitch*), (override));
  MOCK_METHOD(grpc::Status, CreateVswitch,
              (grpc::ServerContext*, const v1::CreateVswitchRequest*, v1::Vswitch*), (override));
  MOCK_METHOD(grpc::Status, CloneVswitch,
              (grpc::ServerContext*, const v1::CloneVswitchRequest*, v1::Vswitch*), (override));
  MOCK_METHOD(grpc::Status, ClearCounters,
              (grpc::ServerContext*, const v1::ClearCountersRequest*, v1::Vswitch*), (override));
  MOCK_METHOD(grpc::Status, BootVswitch,
              (grpc::ServerContext*, const v1::BootVswitchRequest*, v1::Vswitch*), (override));
  MOCK_METHOD(grpc::Status, HaltVswitch,
              (grpc::ServerContext*, const v1::HaltVswitchRequest*, v1::Vswitch*), (override));
  MOCK_METHOD(grpc::Status, DeleteVswitch,
              (grpc::ServerContext*, const v1::DeleteVswitchRequest*, v1::DeleteVswitchResponse*),
              (override));
  MOCK_METHOD(grpc::Status, SetPortQueuePairs,
              (grpc::ServerContext*, const v1::SetPortQueuePairsRequest*, v1::Port*), (override));
  MOCK_METHOD(grpc::Status, SetPortRings,
              (grpc::ServerContext*, const v1::SetPortRingsRequest*, v1::Port*), (override));
  MOCK_METHOD(grpc::Status, SetVswitchBacking,
              (grpc::ServerContext*, const v1::SetVswitchBackingRequest*, v1::Vswitch*),
              (override));
  MOCK_METHOD(grpc::Status, ResetVswitch,
              (grpc::ServerContext*, const v1::ResetVswitchRequest*, v1::Vswitch*), (override));
  MOCK_METHOD(grpc::Status, SetVswitchMulticast,
              (grpc::ServerContext*, const v1::SetVswitchMulticastRequest*, v1::Vswitch*),
              (override));
  MOCK_METHOD(grpc::Status, SetVswitchFilters,
              (grpc::ServerContext*, const v1::SetVswitchFiltersRequest*, v1::Vswitch*),
              (override));
  MOCK_METHOD(grpc::Status, SetVswitchMirror,
              (grpc::ServerContext*, const v1::SetVswitchMirrorRequest*, v1::Vswitch*), (override));
  MOCK_METHOD(grpc::Status, SetPortTrunk,
              (grpc::ServerContext*, const v1::SetPortTrunkRequest*, v1::Port*), (override));
  MOCK_METHOD(grpc::Status, SetPort, (grpc::ServerContext*, const v1::SetPortRequest*, v1::Port*),
              (override));
  MOCK_METHOD(grpc::Status, SetPortVlan,
              (grpc::ServerContext*, const v1::SetPortVlanRequest*, v1::Port*), (override));
};

class MockWatchService : public v1::WatchService::Service {
 public:
  MOCK_METHOD(grpc::Status, WatchEvents,
              (grpc::ServerContext*, const v1::WatchEventsRequest*,
               grpc::ServerWriter<v1::WatchEventsResponse>*),
              (override));
  MOCK_METHOD(grpc::Status, WatchCounters,
              (grpc::ServerContext*, const v1::WatchCountersRequest*,
               grpc::ServerWriter<v1::WatchCountersResponse>*),
              (override));
};

class MockPacketService : public v1::PacketService::Service {
 public:
  MOCK_METHOD(grpc::Status, Capture,
              (grpc::ServerContext*, const v1::CaptureRequest*,
               grpc::ServerWriter<v1::CaptureBatch>*),
              (override));
  MOCK_METHOD(grpc::Status, Trace,
              (grpc::ServerContext*, const v1::TraceRequest*, v1::TraceResponse*), (override));
};

/// What a command has done.
struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

/// Runs a command in this process as if it were called from a shell, its input not typed.
/// `run_directory` is where it looks for the daemon if the arguments name no other place.
Outcome run_command(const std::filesystem::path& run_directory, const std::string& program,
                    const std::vector<std::string>& arguments, const std::string& input = "");

/// What a command says that refuses its arguments, with status 2 and before it asks a daemon.
std::string refusal(const std::string& program, const std::vector<std::string>& arguments);
inline std::string refusal(const std::vector<std::string>& arguments) {
  return refusal("hpvmnet", arguments);
}

/// The daemon's side of the contract, which answers as a test has it and refuses everything else.
/// Served on control.sock in a directory of its own.
class FakeDaemon {
 public:
  FakeDaemon();
  ~FakeDaemon();

  Outcome run(const std::string& program, const std::vector<std::string>& arguments,
              const std::string& input = "") {
    return run_command(directory_.path(), program, arguments, input);
  }

  const std::filesystem::path& run_directory() const { return directory_.path(); }

  testing::StrictMock<MockConfigurationService> configuration;
  testing::StrictMock<MockDaemonService> daemon;
  testing::StrictMock<MockGuestService> guests;
  testing::StrictMock<MockPacketService> packets;
  testing::StrictMock<MockVswitchService> vswitches;
  testing::StrictMock<MockWatchService> watches;

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<grpc::Server> server_;
};

/// Answers a call.
template <class Response>
auto answer(Response response) {
  return [response](grpc::ServerContext*, const auto*, Response* to) {
    *to = response;
    return grpc::Status::OK;
  };
}

/// Refuses a call as the daemon does.
inline auto refuse(grpc::StatusCode code, std::string text) {
  return [code, text](grpc::ServerContext* context, const auto*, auto*) {
    context->AddTrailingMetadata("hpvmnet-error", "any");
    return grpc::Status(code, text);
  };
}

/// A message in protobuf's text format. Aborts where it is none.
template <class Message>
Message message(const std::string& text) {
  Message parsed;
  if (!google::protobuf::TextFormat::ParseFromString(text, &parsed)) std::abort();
  return parsed;
}

/// Matches a pointer to a message that is equal to that text.
MATCHER_P(Says, text, "") {
  using Message = std::remove_cvref_t<decltype(*arg)>;
  const Message expected = message<Message>(text);
  *result_listener << arg->ShortDebugString();
  return arg->SerializeAsString() == expected.SerializeAsString();
}

}  // namespace hpvmnet::cli
