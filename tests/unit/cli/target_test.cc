#include "cli/target.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <unistd.h>

#include "support/temporary_directory.h"
#include "unit/cli/listener.h"

namespace hpvmnet::cli {
namespace {

using test::TemporaryDirectory;
using testing::HasSubstr;

namespace fs = std::filesystem;

Target target(const std::string& text) { return Target::parse(text, "--target").value(); }

std::string refusal(const std::string& text) {
  const auto parsed = Target::parse(text, "--target");
  return parsed ? "accepted" : parsed.error().text;
}

/// What the kernel lets nobody do, it lets root: be somebody else meanwhile.
class WithoutPrivilege {
 public:
  WithoutPrivilege() : before_(::geteuid()) {
    if (before_ == 0) {
      EXPECT_EQ(::seteuid(kNobody), 0);
    }
  }
  ~WithoutPrivilege() { EXPECT_EQ(::seteuid(before_), 0); }
  WithoutPrivilege(const WithoutPrivilege&) = delete;
  WithoutPrivilege& operator=(const WithoutPrivilege&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;
  uid_t before_;
};

TEST(Target, IsASocketOrAnAddress) {
  EXPECT_EQ(target("unix:/run/x.sock").address(), "unix:/run/x.sock");
  EXPECT_EQ(target("unix:///run/x.sock").address(), "unix:/run/x.sock");
  EXPECT_EQ(target("unix:x.sock").address(), "unix:" + (fs::current_path() / "x.sock").native());
  EXPECT_TRUE(target("unix:/run/x.sock").is_local());
  for (const char* address : {"host:1", "10.0.0.1:65535", "[::1]:50051", "a.b-c.example:7070"}) {
    EXPECT_EQ(target(address).address(), address);
    EXPECT_FALSE(target(address).is_local());
  }
}

TEST(Target, NothingElseIsOne) {
  for (const char* text : {"", "host", "host:", ":50051", "host:0", "host:65536", "host:x", "::1",
                           "/run/x.sock", "host name:1", "http://host:1"}) {
    EXPECT_EQ(refusal(text),
              "--target '" + std::string(text) + "' is neither unix:PATH nor HOST:PORT");
  }
  EXPECT_EQ(refusal("unix:"), "--target 'unix:' has no path");
  EXPECT_THAT(refusal("unix:/" + std::string(107, 'x')),
              HasSubstr("too long: the path of a socket has at most 107 characters"));
}

TEST(Target, AdministratorsUseTheControlSocket) {
  EXPECT_EQ(Target::local("/no/such", Access::administer).address(), "unix:/no/such/control.sock");
  EXPECT_EQ(Target::local("/no/such", Access::look).address(), "unix:/no/such/control.sock");
}

TEST(Target, WhoMayNotAdministerLooksThroughTheReadersSocket) {
  const TemporaryDirectory directory;
  const Listener control(directory.path() / "control.sock");
  fs::permissions(directory.path() / "control.sock", fs::perms::none);
  const WithoutPrivilege nobody;
  EXPECT_EQ(Target::local(directory.path(), Access::look).address(),
            "unix:" + (directory.path() / "read.sock").native());
  const Target administer = Target::local(directory.path(), Access::administer);
  EXPECT_EQ(administer.address(), "unix:" + (directory.path() / "control.sock").native());
  EXPECT_THAT(administer.explain_unreachable(""), HasSubstr("permission denied; use the command as "
                                                            "root"));
}

TEST(Target, WhoMayAdministerLooksThroughTheControlSocket) {
  const TemporaryDirectory directory;
  const Listener control(directory.path() / "control.sock");
  EXPECT_EQ(Target::local(directory.path(), Access::look).address(),
            "unix:" + (directory.path() / "control.sock").native());
}

TEST(Target, ExplainsWhyNobodyIsThere) {
  const TemporaryDirectory directory;
  const std::string address = "unix:" + (directory.path() / "x.sock").native();
  EXPECT_EQ(target(address).explain_unreachable("reason"),
            "cannot reach hpvmnetd at " + address +
                ": there is no such socket; is hpvmnetd running? 'systemctl status hpvmnetd' "
                "tells; --target names another socket");
  { const Listener gone(directory.path() / "x.sock"); }
  EXPECT_THAT(target(address).explain_unreachable("reason"),
              HasSubstr(": nobody listens there; is hpvmnetd running?"));
  fs::remove(directory.path() / "x.sock");
  const Listener other(directory.path() / "x.sock");
  EXPECT_THAT(target(address).explain_unreachable("reason"),
              HasSubstr(": somebody listens there, but does not speak as hpvmnetd does (reason)"));
  EXPECT_THAT(target("127.0.0.1:1").explain_unreachable("reason"),
              HasSubstr("at 127.0.0.1:1: Connection refused; is hpvmnetd running there"));
}

}  // namespace
}  // namespace hpvmnet::cli
