#include "web/web_server.h"

#include <future>
#include <memory>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "unit/rpc/mock_commands.h"

namespace hpvmnet {
namespace {

using testing::_;
using testing::HasSubstr;
using testing::Not;
using testing::Return;
using testing::ReturnRef;
using testing::StartsWith;

class WebServerTest : public testing::Test {
 protected:
  ~WebServerTest() override {
    loop_.stop();
    control_.join();
  }

  std::string get(const std::string& path) {
    const ListenAddress& to = address_;
    const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket.get(), to.data(), to.size()), 0);
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string heard;
    char part[4096];
    for (ssize_t size = 0; (size = ::recv(socket.get(), part, sizeof part, 0)) > 0;) {
      heard.append(part, static_cast<std::size_t>(size));
    }
    return heard;
  }

  Loop loop_;
  testing::StrictMock<MockCommands> commands_;
  std::unique_ptr<WebServer> web_ =
      WebServer::start(ListenAddress::parse("0").value(), loop_, commands_).value();
  const ListenAddress address_ = web_->address();
  std::jthread control_{[this] { loop_.run(); }};
};

Survey one_vswitch() {
  PortReading port{.number = 1, .attached = true, .blocked = false, .counters = {}};
  port.counters.ingress_bytes = 5'000'000'000;
  Survey survey;
  survey.vswitches.push_back({.name = "blue",
                              .number = 3,
                              .up = true,
                              .mac_addresses = 2,
                              .interface = "",
                              .ports = {port, {.number = 2, .counters = {}}}});
  survey.workers.push_back({.cpu = 1, .busy_ns = 10, .total_ns = 20});
  return survey;
}

TEST_F(WebServerTest, TheOverviewSumsUpTheSurvey) {
  EXPECT_CALL(commands_, survey()).WillOnce(Return(one_vswitch()));
  const std::string reply = get("/api/v1/overview");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(reply, HasSubstr("Content-Type: application/json\r\n"));
  for (const char* part :
       {R"("name":"blue")", R"("up":true)", R"("openPorts":2)", R"("attachedPorts":1)",
        R"("macAddressCount":"2")", R"("ingressBytes":"5000000000")", R"("busyNs":"10")"}) {
    EXPECT_THAT(reply, HasSubstr(part));
  }
}

TEST_F(WebServerTest, AVswitchIsToldWithItsPorts) {
  VswitchStatus blue;
  blue.name = "blue";
  PortStatus& port = blue.ports.emplace_back();
  port.number = 7;
  port.state = PortState::active;
  port.active = "web";
  EXPECT_CALL(commands_, vswitch(IsVswitch("blue"))).WillOnce(Return(blue));
  EXPECT_THAT(get("/api/v1/vswitches/blue"),
              AllOf(HasSubstr(R"("state":"STATE_ACTIVE")"), HasSubstr(R"("activeGuest":"web")")));
}

TEST_F(WebServerTest, WhatDoesNotExistIsNotFound) {
  EXPECT_CALL(commands_, vswitch(_))
      .WillOnce(Return(fail(ErrorCode::not_found, "there is no vswitch 'red'")));
  EXPECT_THAT(get("/api/v1/vswitches/red"),
              AllOf(StartsWith("HTTP/1.1 404 "), HasSubstr("no vswitch 'red'")));
  for (const char* path : {"/api", "/api/v1/nothing", "/../etc/passwd", "/page.js/", "//page.js",
                           "/%2e%2e/etc/passwd"}) {
    EXPECT_THAT(get(path), StartsWith("HTTP/1.1 404 ")) << path;
  }
}

TEST_F(WebServerTest, EventsAreToldFromTheOneThatWasSeenLast) {
  EventJournal journal(0xabc);
  journal.publish({.kind = EventKind::daemon_started, .text = "first"});
  journal.publish({.kind = EventKind::guest_attached, .port = 4, .guest = "web", .text = "second"});
  EXPECT_CALL(commands_, events()).WillRepeatedly(ReturnRef(journal));
  EXPECT_THAT(get("/api/v1/events"), AllOf(HasSubstr("first"), HasSubstr("second"),
                                           HasSubstr(R"("instance":"0000000000000abc")")));
  EXPECT_THAT(get("/api/v1/events?after=1"),
              AllOf(Not(HasSubstr("first")), HasSubstr(R"("kind":"guest_attached")"),
                    HasSubstr(R"("port":4)")));
  EXPECT_THAT(get("/api/v1/events?after=2"), Not(HasSubstr("second")));
  EXPECT_THAT(get("/api/v1/events?after=x"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(WebServerTest, MetricsAreInTheFormatOfPrometheus) {
  EXPECT_CALL(commands_, survey()).WillOnce(Return(one_vswitch()));
  EXPECT_THAT(get("/metrics"),
              AllOf(HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
                    HasSubstr("hpvmnet_vswitch_up{vswitch=\"blue\"} 1\n")));
}

TEST_F(WebServerTest, ThePageAndItsPartsAreThere) {
  EXPECT_THAT(get("/"), AllOf(HasSubstr("text/html"), HasSubstr("<title>hpvmnet</title>")));
  EXPECT_THAT(get("/style.css"), HasSubstr("Content-Type: text/css"));
  EXPECT_THAT(get("/page.js"), HasSubstr("Content-Type: text/javascript"));
  EXPECT_THAT(get("/icon.svg"), HasSubstr("Content-Type: image/svg+xml"));
}

TEST_F(WebServerTest, TheEndDoesNotWaitForARequestThatWaitsForIt) {
  std::promise<void> held;
  loop_.post([until = held.get_future().share()] { until.wait(); });
  std::string reply;
  std::jthread client([&] { reply = get("/metrics"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  web_.reset();
  client.join();
  held.set_value();
  EXPECT_THAT(reply, Not(HasSubstr("200 OK")));
}

}  // namespace
}  // namespace hpvmnet
