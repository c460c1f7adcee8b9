#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>

#include "control/loop.h"
#include "rpc/rpc_server.h"
#include "support/temporary_directory.h"
#include "unit/rpc/collected_audit.h"
#include "unit/rpc/mock_commands.h"

namespace hpvmnet {

/// A server with its control thread, as clients meet it.
class ServedTest : public testing::Test {
 protected:
  ServedTest() : server_(RpcServer::start(directory_.path(), loop_, commands_, audit_).value()) {}
  ~ServedTest() override {
    loop_.stop();
    control_.join();
  }

  std::shared_ptr<grpc::Channel> channel(const char* socket) const {
    return grpc::CreateChannel("unix:" + (directory_.path() / socket).native(),
                               grpc::InsecureChannelCredentials());
  }

  template <class Service>
  auto administer() const {
    return Service::NewStub(channel("control.sock"));
  }
  template <class Service>
  auto look() const {
    return Service::NewStub(channel("read.sock"));
  }

  test::TemporaryDirectory directory_;
  Loop loop_;
  testing::StrictMock<MockCommands> commands_;
  CollectedAudit audit_;
  std::unique_ptr<RpcServer> server_;
  std::jthread control_{[this] { loop_.run(); }};
};

/// A client's side of one call.
class Call : public grpc::ClientContext {
 public:
  explicit Call(std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    set_deadline(std::chrono::system_clock::now() + limit);
  }
  std::string error_code() const {
    const auto found = GetServerTrailingMetadata().find("hpvmnet-error");
    if (found == GetServerTrailingMetadata().end()) return {};
    return {found->second.data(), found->second.size()};
  }
};

}  // namespace hpvmnet
