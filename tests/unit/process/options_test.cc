#include "process/options.h"

#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "process/accounts.h"

namespace hpvmnet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<std::variant<Options, Answer>> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "hpvmnetd");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

Options options(std::vector<const char*> arguments) {
  return std::get<Options>(parse(std::move(arguments)).value());
}

std::string refusal(std::vector<const char*> arguments) {
  const auto parsed = parse(std::move(arguments));
  EXPECT_FALSE(parsed);
  return parsed ? "" : parsed.error().text;
}

TEST(Options, Defaults) {
  const Options defaults = options({});
  EXPECT_EQ(defaults.run_directory, "/run/hpvmnet");
  EXPECT_EQ(defaults.state_directory, "/var/lib/hpvmnet");
  EXPECT_THAT(defaults.workers, IsEmpty());
  EXPECT_EQ(defaults.spin, std::chrono::microseconds(50));
  EXPECT_EQ(defaults.log_level, LogLevel::info);
}

TEST(Options, PluginsAreFoundFromTheProgram) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  EXPECT_EQ(options({}).plugin_directory,
            program.parent_path().parent_path() / "lib/hpvmnet/plugins");
}

TEST(Options, EachIsRead) {
  const std::string cpu = to_text({usable_cpus().front()});
  const Options given = options({"--run-dir", "/r", "--state-dir=/s", "--workers", cpu.c_str(),
                                 "--spin-us", "7", "--log-level", "error", "--plugin-dir", "/p"});
  EXPECT_EQ(given.run_directory, "/r");
  EXPECT_EQ(given.state_directory, "/s");
  EXPECT_THAT(given.workers, ElementsAre(usable_cpus().front()));
  EXPECT_EQ(given.spin, std::chrono::microseconds(7));
  EXPECT_EQ(given.log_level, LogLevel::error);
  EXPECT_EQ(given.plugin_directory, "/p");
}

TEST(Options, HttpIsForThisHostUnlessOtherHostsAreMeant) {
  EXPECT_FALSE(options({}).http);
  EXPECT_EQ(options({"--http", "9180"}).http->text(), "127.0.0.1:9180");
  EXPECT_EQ(options({"--http", "[::1]:80"}).http->text(), "[::1]:80");
  EXPECT_THAT(refusal({"--http", "0.0.0.0:80"}), HasSubstr("--http-remote"));
  EXPECT_EQ(options({"--http", "0.0.0.0:80", "--http-remote"}).http->text(), "0.0.0.0:80");
  EXPECT_THAT(refusal({"--http", "here:80"}), HasSubstr("--http: \"here:80\""));
}

TEST(Options, DirectoriesBecomeAbsolute) {
  EXPECT_EQ(options({"--run-dir", "here/../there"}).run_directory,
            std::filesystem::current_path() / "there");
}

TEST(Options, SpinningNeverAndAlways) {
  EXPECT_EQ(options({"--spin-us", "0"}).spin, std::chrono::microseconds(0));
  EXPECT_EQ(options({"--spin-us", "-1"}).spin, Options::kAlways);
  EXPECT_EQ(options({"--spin-us=-1"}).spin, Options::kAlways);
}

TEST(Options, SocketsAreGivenToWhomTheUserSays) {
  const SocketAccess given =
      options({"--socket-owner", "root", "--socket-group", "1234", "--socket-mode", "600"})
          .socket_access;
  EXPECT_EQ(given, (SocketAccess{.owner = 0, .group = 1234, .mode = 0600}));
  const SocketAccess defaults = options({}).socket_access;
  const bool gives = ::geteuid() == 0;
  EXPECT_EQ(defaults.owner, gives ? find_user("libvirt-qemu") : std::nullopt);
  EXPECT_EQ(defaults.group, std::nullopt);
  EXPECT_EQ(defaults.mode, 0660U);
}

TEST(Options, HelpAndVersionAreAnswers) {
  EXPECT_THAT(std::get<Answer>(parse({"--help"}).value()), HasSubstr("--spin-us"));
  EXPECT_EQ(std::get<Answer>(parse({"--version"}).value()), "hpvmnetd " HPVMNET_VERSION "\n");
}

TEST(Options, RefusalsNameTheOption) {
  EXPECT_THAT(refusal({"--spin-us", "-2"}), HasSubstr("--spin-us -2"));
  EXPECT_THAT(refusal({"--spin-us", "1000001"}), HasSubstr("1000000"));
  EXPECT_THAT(refusal({"--spin-us", "fast"}), HasSubstr("--spin-us"));
  EXPECT_THAT(refusal({"--log-level", "loud"}), HasSubstr("debug, info, warning or error"));
  EXPECT_THAT(refusal({"--workers", "0,x"}), HasSubstr("--workers: \"0,x\""));
  EXPECT_THAT(refusal({"--workers", "4000000"}), HasSubstr("CPU 4000000"));
  EXPECT_THAT(refusal({"--workers", ""}), HasSubstr("--workers"));
  EXPECT_THAT(refusal({"--socket-owner", "no-such-user"}), HasSubstr("no-such-user"));
  EXPECT_THAT(refusal({"--socket-group", "no such"}), HasSubstr("--socket-group no such"));
  EXPECT_THAT(refusal({"--socket-owner", "4294967295"}), HasSubstr("4294967295"));
  for (const char* mode : {"", "8", "1000", "rw", "0x1ff", "660 "}) {
    EXPECT_THAT(refusal({"--socket-mode", mode}), HasSubstr("--socket-mode")) << mode;
  }
  EXPECT_THAT(refusal({"--run-dir", ""}), HasSubstr("--run-dir"));
  EXPECT_THAT(refusal({"--plugin-dir", ""}), HasSubstr("--plugin-dir"));
  EXPECT_THAT(refusal({"--no-such-option"}), HasSubstr("--no-such-option"));
  EXPECT_THAT(refusal({"stray"}), HasSubstr("stray"));
}

TEST(OptionsTest, RemoteClientsAreServedWhereThatIsAskedFor) {
  EXPECT_THAT(options({}).listen, IsEmpty());
  EXPECT_EQ(options({}).tls_directory, "/etc/hpvmnet/tls");
  EXPECT_EQ(options({}).max_connections, 64U);
  const Options given = options(
      {"--listen", "*:7443", "--listen=[::1]:7444", "--tls-dir", "/t", "--max-connections", "4"});
  EXPECT_THAT(given.listen, ElementsAre("*:7443", "[::1]:7444"));
  EXPECT_EQ(given.tls_directory, "/t");
  EXPECT_EQ(given.max_connections, 4U);
  EXPECT_THAT(refusal({"--max-connections", "3"}), HasSubstr("4 to 4096"));
}

}  // namespace
}  // namespace hpvmnet
