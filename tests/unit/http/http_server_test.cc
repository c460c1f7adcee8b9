#include "http/http_server.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// A client that says what it likes.
class Connection {
 public:
  explicit Connection(const ListenAddress& to)
      : socket_(::socket(to.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    connected_ = ::connect(socket_.get(), to.data(), to.size()) == 0;
  }
  bool connected() const { return connected_; }
  void say(const std::string& text) {
    [[maybe_unused]] const auto sent =
        ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
  }
  // All that comes until the server closes the connection.
  std::string hear() {
    std::string heard;
    char part[4096];
    for (ssize_t size = 0; (size = ::recv(socket_.get(), part, sizeof part, 0)) > 0;) {
      heard.append(part, static_cast<std::size_t>(size));
    }
    return heard;
  }

 private:
  Fd socket_;
  bool connected_ = false;
};

class HttpServerTest : public testing::Test {
 protected:
  std::string ask(const std::string& request) {
    Connection connection(server_->address());
    connection.say(request);
    return connection.hear();
  }
  std::string get(const std::string& path, const std::string& headers = "Host: localhost\r\n") {
    return ask("GET " + path + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
  }

  std::atomic<int> asked_ = 0;
  HttpRequest last_;
  std::unique_ptr<HttpServer> server_ =
      HttpServer::start(ListenAddress::parse("127.0.0.1:0").value(),
                        [this](const HttpRequest& request) {
                          ++asked_;
                          last_ = request;
                          return HttpReply{.status = 200, .type = "text/x", .body = "here it is"};
                        })
          .value();
};

TEST_F(HttpServerTest, AReplyHasWhatTheHandlerSaysAndHeadersThatKeepOthersOut) {
  const std::string reply = get("/a%20b?after=7&x");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(reply, HasSubstr("\r\n\r\nhere it is"));
  EXPECT_THAT(reply, HasSubstr("Content-Type: text/x\r\n"));
  EXPECT_THAT(reply, HasSubstr("Content-Security-Policy: default-src 'self';"));
  EXPECT_THAT(reply, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(reply, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_EQ(last_.path, "/a b");
  EXPECT_EQ(last_.query["after"], "7");
  EXPECT_EQ(last_.query["x"], "");
}

TEST_F(HttpServerTest, HeadTellsTheLengthWithoutTheBody) {
  const std::string reply = ask("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(reply, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(reply, Not(HasSubstr("here it is")));
}

TEST_F(HttpServerTest, NothingCanBeChanged) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X"}) {
    const std::string reply =
        ask(std::string(method) + " / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 405 ")) << method;
    EXPECT_THAT(reply, HasSubstr("Allow: GET, HEAD\r\n")) << method;
  }
  EXPECT_EQ(asked_, 0);
}

TEST_F(HttpServerTest, ABodyIsNotEvenRead) {
  EXPECT_THAT(get("/", "Host: localhost\r\nContent-Length: 9999999999\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(get("/", "Host: localhost\r\nTransfer-Encoding: chunked\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_EQ(asked_, 0);
}

TEST_F(HttpServerTest, AnotherHostsNameIsRefused) {
  EXPECT_THAT(get("/", "Host: evil.example\r\n"), StartsWith("HTTP/1.1 421 "));
  EXPECT_THAT(get("/", ""), StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(asked_, 0);
}

TEST_F(HttpServerTest, HeadersBeyondTheLimitAreRefused) {
  const std::string reply = get("/", "Host: localhost\r\nX: " + std::string(40'000, 'x') + "\r\n");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(get("/" + std::string(40'000, 'x')), StartsWith("HTTP/1.1 414 "));
  EXPECT_EQ(asked_, 0);
}

TEST_F(HttpServerTest, NoiseCostsItsOwnConnectionOnly) {
  for (const std::string& noise :
       std::vector{std::string("\0\1\2\3\r\n\r\n", 8), std::string("GET\r\n\r\n"),
                   std::string("GET / HTTP/9.9\r\n\r\n"), std::string(100'000, 'A')}) {
    const std::string reply = ask(noise + "\r\n\r\n");
    EXPECT_THAT(reply, Not(HasSubstr("200 OK")));
  }
  EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, ConnectionsBeyondTheLimitAreClosedAndPlacesComeBack) {
  {
    std::vector<std::unique_ptr<Connection>> idle;
    for (int i = 0; i < 64; ++i) idle.push_back(std::make_unique<Connection>(server_->address()));
    for (const auto& connection : idle) ASSERT_TRUE(connection->connected());
    idle.front()->say("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(idle.front()->hear(), StartsWith("HTTP/1.1 200 "));
  }
  std::string reply;
  for (int tries = 0; tries < 100 && reply.empty(); ++tries) {
    reply = get("/");
    if (reply.empty()) ::usleep(20'000);
  }
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, EndsWhateverItsClientsDo) {
  Connection silent(server_->address());
  Connection half(server_->address());
  half.say("GET / HT");
  const auto begin = std::chrono::steady_clock::now();
  server_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_EQ(silent.hear(), "");
}

TEST_F(HttpServerTest, SleepsWhileNobodyAsks) {
  get("/");
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  ::usleep(300'000);
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LE(after.ru_nvcsw - before.ru_nvcsw, 5);
}

TEST(HttpServerStart, AnAddressInUseIsSaid) {
  const auto handler = [](const HttpRequest&) { return HttpReply{}; };
  const auto first = HttpServer::start(ListenAddress::parse("127.0.0.1:0").value(), handler);
  ASSERT_TRUE(first);
  const auto second = HttpServer::start((*first)->address(), handler);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text, HasSubstr((*first)->address().text()));
  EXPECT_THAT(second.error().text, HasSubstr("in use"));
}

}  // namespace
}  // namespace hpvmnet
