#include <array>
#include <chrono>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/program.h"
#include "support/pki.h"
#include "unit/cli/fake_daemon.h"
#include "unit/cli/listener.h"

namespace hpvmnet::cli {
namespace {

using std::chrono::steady_clock;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using namespace std::chrono_literals;

constexpr const char* kUnknown = "whether the change was made is not known";

TEST(Client, SaysThatNoDaemonIsThere) {
  const TemporaryDirectory empty;
  const Outcome outcome = run_command(empty.path(), "hpvmnet", {});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "hpvmnet: ERROR: cannot reach hpvmnetd at unix:" +
                             (empty.path() / "control.sock").native() +
                             ": there is no such socket; is hpvmnetd running? 'systemctl status "
                             "hpvmnetd' tells; --target names another socket.\n");
}

TEST(Client, SaysThatTheDaemonHasGone) {
  const TemporaryDirectory directory;
  { const Listener gone(directory.path() / "control.sock"); }
  const Outcome outcome = run_command(directory.path(), "hpvmnet", {"-c", "-S", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("nobody listens there"), Not(HasSubstr(kUnknown)),
                                 HasSubstr("hpvmnet: Unable to create the vswitch.\n")));
}

TEST(Client, DoesNotWaitForASocketThatNobodyServes) {
  const TemporaryDirectory directory;
  const Listener silent(directory.path() / "control.sock");
  const auto start = steady_clock::now();
  const Outcome outcome = run_command(directory.path(), "hpvmnet", {"--timeout", "0.3"});
  EXPECT_GE(steady_clock::now() - start, 300ms);
  EXPECT_LT(steady_clock::now() - start, 4s);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("does not answer within 0.3 s; 'systemctl status hpvmnetd' "
                                     "tells how it is, --timeout gives it more time.\n"));
}

TEST(Client, DoesNotWaitForADaemonThatHangs) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, CreateVswitch)
      .WillOnce([](grpc::ServerContext* context, auto, auto) {
        while (!context->IsCancelled()) std::this_thread::sleep_for(10ms);
        return grpc::Status::CANCELLED;
      });
  const Outcome outcome = daemon.run("hpvmnet", {"-c", "-S", "a", "--timeout=0.3"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("does not answer within 0.3 s"), HasSubstr(kUnknown)));
}

/// Serves one connection as far as HTTP/2 goes, and hangs up when a call has come.
class HangsUp {
 public:
  explicit HangsUp(const std::filesystem::path& path)
      : listener_(path), thread_([this] { serve(); }) {}
  ~HangsUp() { thread_.join(); }

 private:
  static bool read_all(int descriptor, unsigned char* to, std::size_t length) {
    while (length > 0) {
      const ssize_t got = ::read(descriptor, to, length);
      if (got <= 0) return false;
      to += got;
      length -= static_cast<std::size_t>(got);
    }
    return true;
  }

  void serve() {
    constexpr std::array<unsigned char, 9> kSettings{0, 0, 0, 4, 0, 0, 0, 0, 0};
    constexpr unsigned char kHeaders = 1;
    const int descriptor = ::accept(listener_.descriptor(), nullptr, nullptr);
    std::array<unsigned char, 24> preface{};
    bool connected = ::write(descriptor, kSettings.data(), kSettings.size()) == ssize_t{9} &&
                     read_all(descriptor, preface.data(), preface.size());
    while (connected) {
      std::array<unsigned char, 9> header{};
      std::array<unsigned char, 65536> body{};
      connected = read_all(descriptor, header.data(), header.size());
      const std::size_t length =
          std::size_t{header[0]} << 16 | std::size_t{header[1]} << 8 | header[2];
      connected = connected && length <= body.size() && read_all(descriptor, body.data(), length) &&
                  header[3] != kHeaders;
    }
    ::close(descriptor);
  }

  Listener listener_;
  std::thread thread_;
};

TEST(Client, SaysThatTheOutcomeIsUnknownWhereTheAnswerIsLost) {
  const TemporaryDirectory directory;
  const HangsUp server(directory.path() / "control.sock");
  const Outcome outcome = run_command(directory.path(), "hpvmnet", {"-c", "-S", "a"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("lost the connection to hpvmnetd"), HasSubstr(kUnknown)));
}

TEST(Client, SaysThatOthersListenThere) {
  const TemporaryDirectory directory;
  const Listener listener(directory.path() / "control.sock");
  std::thread other([&] {
    const int descriptor = ::accept(listener.descriptor(), nullptr, nullptr);
    EXPECT_EQ(::write(descriptor, "220 mail\r\n", 10), 10);
    ::close(descriptor);
  });
  const Outcome outcome = run_command(directory.path(), "hpvmnet", {});
  other.join();
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("does not speak as hpvmnetd does"));
}

TEST(Client, SpeaksNoClearTextOverANetwork) {
  FakeDaemon daemon;
  const auto tls = daemon.run_directory() / "tls";
  ASSERT_TRUE(test::run_pki(tls, "init") && test::run_pki(tls, "client alice --role observer"));
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_storage address{};
  address.ss_family = AF_INET;
  socklen_t length = 16;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(&address);
  const int port = bytes[2] << 8 | bytes[3];
  unsigned char first = 0;
  std::thread server([&] {
    const int descriptor = ::accept(listener, nullptr, nullptr);
    EXPECT_EQ(::read(descriptor, &first, 1), 1);
    ::close(descriptor);
  });
  const Outcome outcome =
      daemon.run("hpvmnet", {"--target", "127.0.0.1:" + std::to_string(port), "--tls-dir",
                             tls / "clients/alice", "--timeout", "2"});
  server.join();
  ::close(listener);
  constexpr unsigned char kTlsHandshake = 22;
  EXPECT_EQ(first, kTlsHandshake);
  EXPECT_EQ(outcome.status, 1);
}

TEST(Client, PassesOnWhatTheDaemonSays) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, GetVswitch)
      .WillOnce(refuse(grpc::StatusCode::UNAVAILABLE, "hpvmnetd is stopping; try again later"));
  EXPECT_EQ(daemon.run("hpvmnet", {"-S", "a"}).err,
            "hpvmnet: ERROR: hpvmnetd is stopping; try again later.\n");
}

TEST(Client, KnowsADaemonOfAnotherVersion) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.vswitches, ListVswitches)
      .WillOnce(testing::Return(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "")));
  const Outcome outcome = daemon.run("hpvmnet", {});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("of another version than this client, which is " HPVMNET_VERSION),
                    HasSubstr("'hpvmnet -v'")));
}

TEST(Client, UsesTheTargetOfTheOptionThenThatOfTheEnvironment) {
  FakeDaemon daemon;
  EXPECT_CALL(daemon.guests, ListGuests).Times(2).WillRepeatedly(answer(v1::ListGuestsResponse()));
  const std::string target = "unix:" + (daemon.run_directory() / "control.sock").native();
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Terminal terminal("hpvmstatus", in, out, err, false);
  Invocation invocation{"hpvmstatus", {}, target, "/no/such/directory"};
  EXPECT_EQ(run_program(invocation, terminal), 0) << err.str();
  invocation.arguments = {"--target", target};
  invocation.target = "unix:/no/such/socket";
  EXPECT_EQ(run_program(invocation, terminal), 0) << err.str();
  invocation.arguments = {};
  EXPECT_EQ(run_program(invocation, terminal), 1);
  EXPECT_THAT(err.str(), HasSubstr("unix:/no/such/socket: there is no such socket"));
  invocation.target = "nonsense";
  EXPECT_EQ(run_program(invocation, terminal), 2);
  EXPECT_THAT(err.str(), HasSubstr("$HPVMNET_TARGET 'nonsense' is neither"));
}

}  // namespace
}  // namespace hpvmnet::cli
