#include "rpc/rpc_server.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <future>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/fd.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "hpvmnet/v1/daemon.grpc.pb.h"
#include "hpvmnet/v1/vswitch.grpc.pb.h"
#include "unit/rpc/generic_stream.h"
#include "unit/rpc/served.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using grpc::StatusCode;
using testing::_;
using testing::HasSubstr;
using testing::Return;

constexpr auto kSockets = {"control.sock", "read.sock"};

class RpcServerTest : public ServedTest {
 protected:
  // Keeps the control thread busy for as long as it is held.
  std::shared_ptr<std::promise<void>> occupy_control_thread() {
    auto held = std::make_shared<std::promise<void>>();
    loop_.post([until = held->get_future().share()] { until.wait(); });
    return held;
  }

  grpc::Status version(const char* socket) {
    Call call;
    v1::GetVersionResponse response;
    return v1::DaemonService::NewStub(channel(socket))->GetVersion(&call, {}, &response);
  }
};

mode_t mode(const fs::path& path) {
  struct stat found {};
  EXPECT_EQ(::stat(path.c_str(), &found), 0);
  return found.st_mode & 07777;
}

void leave_socket(const fs::path& path) {
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

long wakeups() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_nvcsw;
}

TEST_F(RpcServerTest, TheSocketsModesSayWhoMayConnect) {
  EXPECT_EQ(mode(directory_.path() / "control.sock"), 0660U);
  EXPECT_EQ(mode(directory_.path() / "read.sock"), 0666U);
}

TEST_F(RpcServerTest, BothSocketsTellTheVersion) {
  for (const char* socket : kSockets) {
    Call call;
    v1::GetVersionResponse response;
    const auto stub = v1::DaemonService::NewStub(channel(socket));
    ASSERT_TRUE(stub->GetVersion(&call, {}, &response).ok());
    EXPECT_EQ(response.version(), HPVMNET_VERSION);
  }
}

TEST_F(RpcServerTest, BothSocketsListThePlugins) {
  PluginStatus loaded{.file = "/a.so",
                      .name = "a",
                      .version = "1",
                      .api_version = 3,
                      .adaptors = {"x", "y"},
                      .filters = {"z"},
                      .refusal = ""};
  PluginStatus refused;
  refused.file = "/b.so";
  refused.refusal = "it is broken";
  EXPECT_CALL(commands_, plugins()).Times(2).WillRepeatedly(Return(std::vector{loaded, refused}));
  for (const char* socket : kSockets) {
    Call call;
    v1::ListPluginsResponse response;
    ASSERT_TRUE(
        v1::DaemonService::NewStub(channel(socket))->ListPlugins(&call, {}, &response).ok());
    ASSERT_EQ(response.plugins_size(), 2);
    EXPECT_EQ(response.plugins(0).state(), v1::Plugin::STATE_LOADED);
    EXPECT_EQ(response.plugins(0).name(), "a");
    EXPECT_EQ(response.plugins(0).version(), "1");
    EXPECT_EQ(response.plugins(0).api_version(), 3u);
    EXPECT_THAT(response.plugins(0).adaptors(), testing::ElementsAre("x", "y"));
    EXPECT_THAT(response.plugins(0).filters(), testing::ElementsAre("z"));
    EXPECT_EQ(response.plugins(1).state(), v1::Plugin::STATE_REFUSED);
    EXPECT_EQ(response.plugins(1).file(), "/b.so");
    EXPECT_EQ(response.plugins(1).refusal(), "it is broken");
  }
}

TEST_F(RpcServerTest, BothSocketsHaveHealthAndReflection) {
  for (const char* socket : kSockets) {
    GenericStream health(channel(socket), "/grpc.health.v1.Health/Watch");
    EXPECT_EQ(health.ask(""), "\x08\x01");  // SERVING
    GenericStream reflection(channel(socket),
                             "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
    const std::string services = reflection.ask(std::string("\x3a\x00", 2));  // list_services: ""
    EXPECT_THAT(services, HasSubstr("hpvmnet.v1.VswitchService"));
    EXPECT_THAT(services, HasSubstr("hpvmnet.v1.GuestService"));
    EXPECT_THAT(services, HasSubstr("hpvmnet.v1.DaemonService"));
    EXPECT_THAT(services, HasSubstr("grpc.health.v1.Health"));
  }
}

TEST_F(RpcServerTest, HealthOfAServiceThatIsNotServedIsNotFound) {
  Call call;
  grpc::health::v1::HealthCheckRequest request;
  grpc::health::v1::HealthCheckResponse response;
  const auto health = administer<grpc::health::v1::Health>();
  request.set_service("hpvmnet.v1.GuestService");
  ASSERT_TRUE(health->Check(&call, request, &response).ok());
  EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  request.set_service("no.such.Service");
  Call second;
  EXPECT_EQ(health->Check(&second, request, &response).error_code(), StatusCode::NOT_FOUND);
}

TEST_F(RpcServerTest, WhoWatchesHealthHearsOfTheEnd) {
  Call call;
  const auto stub = look<grpc::health::v1::Health>();
  const auto watch = stub->Watch(&call, {});
  grpc::health::v1::HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  server_.reset();
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
}

TEST_F(RpcServerTest, EndsWithinHalfASecondWhateverItsClientsDo) {
  EXPECT_CALL(commands_, mac_table(_)).WillOnce(Return(std::vector<MacEntry>(1'000'000)));
  const auto stub = look<v1::VswitchService>();
  Call call;
  v1::ListMacAddressesRequest request;
  request.mutable_vswitch()->set_name("blue");
  const auto unread = stub->ListMacAddresses(&call, request);
  v1::MacAddressEntry entry;
  ASSERT_TRUE(unread->Read(&entry));
  GenericStream health(channel("control.sock"), "/grpc.health.v1.Health/Watch");
  health.ask("");
  GenericStream reflection(channel("read.sock"),
                           "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");
  reflection.ask(std::string("\x3a\x00", 2));

  const auto begin = std::chrono::steady_clock::now();
  server_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 500ms);
  while (unread->Read(&entry)) continue;
  EXPECT_FALSE(unread->Finish().ok());
}

TEST_F(RpcServerTest, ACallThatWaitsIsToldThatTheDaemonStops) {
  const auto busy = occupy_control_thread();
  grpc::Status status;
  Call call;
  std::jthread caller([&] {
    v1::ListVswitchesResponse all;
    status = look<v1::VswitchService>()->ListVswitches(&call, {}, &all);
  });
  std::this_thread::sleep_for(100ms);
  server_.reset();
  caller.join();
  busy->set_value();
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr("stopping"));
  EXPECT_EQ(call.error_code(), "unavailable");
}

TEST_F(RpcServerTest, TheEndRemovesTheSockets) {
  server_.reset();
  for (const char* socket : kSockets) EXPECT_FALSE(fs::exists(directory_.path() / socket));
}

TEST_F(RpcServerTest, ClientsThatFillOneSocketLeaveTheOtherFree) {
  const auto busy = occupy_control_thread();
  EXPECT_CALL(commands_, vswitches()).WillRepeatedly(Return(std::vector<VswitchStatus>()));
  std::atomic<int> answered = 0;
  std::atomic<int> turned_away = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 60; ++i) {
      callers.emplace_back([&] {
        Call call;
        v1::ListVswitchesResponse all;
        const auto status = look<v1::VswitchService>()->ListVswitches(&call, {}, &all);
        if (status.ok()) ++answered;
        if (status.error_code() == StatusCode::RESOURCE_EXHAUSTED) ++turned_away;
      });
    }
    while (turned_away == 0) std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(version("control.sock").ok());
    busy->set_value();
  }
  EXPECT_GT(answered, 0);
  EXPECT_EQ(answered + turned_away, 60);
  EXPECT_TRUE(version("read.sock").ok());
}

TEST_F(RpcServerTest, AMessageThatIsTooLargeCostsItsOwnCallOnly) {
  v1::CreateVswitchRequest request;
  request.set_name(std::string(5 << 20, 'x'));
  v1::Vswitch vswitch;
  Call call;
  const auto status = administer<v1::VswitchService>()->CreateVswitch(&call, request, &vswitch);
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(version("control.sock").ok());
}

TEST_F(RpcServerTest, SleepsWhileNobodyAsks) {
  std::this_thread::sleep_for(200ms);  // its threads have started
  // Two timer threads of gRPC, and two that serve streams of events, look at the clock once a
  // second; a busy machine wakes them more often at times, what polls does so at all times.
  long fewest = std::numeric_limits<long>::max();
  for (int attempt = 0; attempt < 5 && fewest > 16; ++attempt) {
    const long before = wakeups();
    std::this_thread::sleep_for(2s);
    fewest = std::min(fewest, wakeups() - before);
  }
  EXPECT_LE(fewest, 16);
}

class RpcServerStart : public testing::Test {
 protected:
  auto start() { return RpcServer::start(directory_.path(), loop_, commands_, audit_); }

  test::TemporaryDirectory directory_;
  Loop loop_;
  testing::StrictMock<MockCommands> commands_;
  CollectedAudit audit_;
};

TEST_F(RpcServerStart, ReplacesSocketsThatADeadDaemonLeft) {
  leave_socket(directory_.path() / "control.sock");
  leave_socket(directory_.path() / "read.sock");
  EXPECT_TRUE(start());
}

TEST_F(RpcServerStart, KeepsAFileThatIsNoSocketAndLeavesNothingHalfOpen) {
  std::ofstream(directory_.path() / "read.sock") << "mine";
  const auto server = start();
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().text, HasSubstr((directory_.path() / "read.sock").native()));
  EXPECT_TRUE(fs::is_regular_file(directory_.path() / "read.sock"));
  EXPECT_FALSE(fs::exists(directory_.path() / "control.sock"));
}

TEST_F(RpcServerStart, SaysQuietlyWhereItCannotListen) {
  testing::internal::CaptureStderr();
  const auto server = RpcServer::start(directory_.path() / "none", loop_, commands_, audit_);
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().text, HasSubstr((directory_.path() / "none/control.sock").native()));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(RpcServerStart, TakesAPathAsItIs) {
  for (const char* name : {"with space", "100%25", "a?b#c"}) {
    const fs::path path = directory_.path() / name;
    fs::create_directory(path);
    const auto server = RpcServer::start(path, loop_, commands_, audit_);
    ASSERT_TRUE(server) << server.error().text;
    EXPECT_TRUE(fs::is_socket(path / "read.sock")) << path;
  }
}

TEST_F(RpcServerStart, EndsThoughTheLoopNeverRan) {
  auto server = start();
  ASSERT_TRUE(server);
  const auto stub = v1::VswitchService::NewStub(grpc::CreateChannel(
      "unix:" + (directory_.path() / "read.sock").native(), grpc::InsecureChannelCredentials()));
  grpc::Status status;
  std::jthread caller([&] {
    Call call;
    v1::ListVswitchesResponse all;
    status = stub->ListVswitches(&call, {}, &all);
  });
  std::this_thread::sleep_for(100ms);
  const auto begin = std::chrono::steady_clock::now();
  server->reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 500ms);
  caller.join();
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace hpvmnet
