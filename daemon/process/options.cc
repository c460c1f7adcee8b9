#include "process/options.h"

#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "process/accounts.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLongestSpin = 1'000'000;
constexpr std::int64_t kFewestConnections = 4;  // observers leave one for administrators
constexpr std::int64_t kMostConnections = 4096;
constexpr const char* kHypervisorUser = "libvirt-qemu";  // Debian's, of libvirt-daemon-system
constexpr mode_t kAllMay = 0777;

// As the user wrote it.
struct Words {
  std::string run_directory = "/run/hpvmnet";
  std::string state_directory = "/var/lib/hpvmnet";
  std::optional<std::string> workers;
  std::int64_t spin = 50;
  std::string log_level = "info";
  std::optional<std::string> plugin_directory;
  std::vector<std::string> listen;
  std::string tls_directory = "/etc/hpvmnet/tls";
  std::int64_t max_connections = 64;
  std::optional<std::string> http;
  bool http_remote = false;
  std::optional<std::string> socket_owner;
  std::optional<std::string> socket_group;
  std::string socket_mode = "0660";
};

void describe(CLI::App& app, Words& words) {
  app.add_option("--run-dir", words.run_directory,
                 "Sockets of the control plane and of the ports go here")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--state-dir", words.state_directory, "The configuration is kept here")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--workers", words.workers,
                 "One worker on each of these CPUs, such as 0,2-3 (default: one worker, on any)")
      ->type_name("CPU-LIST");
  app.add_option("--spin-us", words.spin,
                 "Microseconds for which a worker looks for frames before it sleeps; 0: sleeps at "
                 "once, -1: never sleeps")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--log-level", words.log_level, "debug, info, warning or error")
      ->type_name("LEVEL")
      ->capture_default_str();
  app.add_option("--plugin-dir", words.plugin_directory,
                 "Plugins are loaded from here (default: ../lib/hpvmnet/plugins, seen from the "
                 "program)")
      ->type_name("DIR");
  app.add_option("--listen", words.listen,
                 "Remote clients are served here, with TLS; may be given several times (default: "
                 "local clients only)")
      ->type_name("HOST:PORT")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--tls-dir", words.tls_directory,
                 "ca.crt, server.crt, server.key and roles for --listen, as hpvmnet-pki makes them")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--max-connections", words.max_connections,
                 "Remote clients that may be connected at a time")
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--http", words.http,
                 "A web page, and metrics for Prometheus, are served here, to look at (default: "
                 "nowhere); a port alone is one of 127.0.0.1")
      ->type_name("[ADDRESS:]PORT");
  app.add_flag("--http-remote", words.http_remote,
               "Allow an address of --http that other hosts reach, too: everybody there can look, "
               "without a password and without encryption");
  app.add_option(
         "--socket-owner", words.socket_owner,
         "The user to whom the ports' sockets are given, so that his hypervisors may connect "
         "(default: libvirt-qemu, as libvirt runs them, where there is such a user; else the "
         "daemon's)")
      ->type_name("USER");
  app.add_option("--socket-group", words.socket_group,
                 "The group that they get (default: the daemon's)")
      ->type_name("GROUP");
  app.add_option("--socket-mode", words.socket_mode, "Their mode, in octal")
      ->type_name("MODE")
      ->capture_default_str();
  app.set_version_flag("--version", "hpvmnetd " HPVMNET_VERSION, "Print the version");
}

Result<fs::path> directory(const char* option, const std::string& text) {
  std::error_code error;
  const fs::path path = fs::absolute(text, error).lexically_normal();
  if (text.empty() || error) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("{} \"{}\" is not the name of a directory", option, text));
  }
  return path;
}

Result<fs::path> plugin_directory(const std::optional<std::string>& text) {
  if (text) return directory("--plugin-dir", *text);
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return system_failure("cannot find where hpvmnetd is installed", error.value());
  return (program.parent_path() / "../lib/hpvmnet/plugins").lexically_normal();
}

Result<CpuList> workers(const std::optional<std::string>& text) {
  if (!text) return CpuList{};
  auto cpus = parse_cpu_list(*text, usable_cpus());
  if (!cpus) return fail(cpus.error().code, "--workers: " + cpus.error().text);
  return cpus;
}

Result<std::chrono::microseconds> spin(std::int64_t microseconds) {
  if (microseconds == -1) return Options::kAlways;
  if (microseconds < 0 || microseconds > kLongestSpin) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("--spin-us {}: 0 to {} microseconds, or -1 for always", microseconds,
                            kLongestSpin));
  }
  return std::chrono::microseconds(microseconds);
}

Result<std::size_t> max_connections(std::int64_t number) {
  if (number >= kFewestConnections && number <= kMostConnections) {
    return static_cast<std::size_t>(number);
  }
  return fail(ErrorCode::invalid_argument, fmt::format("--max-connections {}: {} to {}", number,
                                                       kFewestConnections, kMostConnections));
}

Result<LogLevel> log_level(const std::string& text) {
  static const std::map<std::string, LogLevel> levels{{"debug", LogLevel::debug},
                                                      {"info", LogLevel::info},
                                                      {"warning", LogLevel::warning},
                                                      {"error", LogLevel::error}};
  const auto found = levels.find(text);
  if (found != levels.end()) return found->second;
  return fail(ErrorCode::invalid_argument,
              fmt::format("--log-level {}: debug, info, warning or error", text));
}

Result<std::optional<ListenAddress>> http(const Words& words) {
  if (!words.http) return std::nullopt;
  auto address = ListenAddress::parse(*words.http);
  if (!address) return fail(address.error().code, "--http: " + address.error().text);
  if (address->is_loopback() || words.http_remote) return address;
  return fail(ErrorCode::invalid_argument,
              fmt::format("--http {}: other hosts reach this address, and everybody there could "
                          "look; if that is meant, add --http-remote",
                          *words.http));
}

// A daemon without root's rights can give nothing away.
std::optional<uid_t> default_owner() {
  return ::geteuid() == 0 ? find_user(kHypervisorUser) : std::nullopt;
}

Result<SocketAccess> socket_access(const Words& words) {
  SocketAccess access{.owner = default_owner(), .group = {}, .mode = 0};
  if (words.socket_owner) {
    access.owner = find_user(*words.socket_owner);
    if (!access.owner) {
      return fail(ErrorCode::invalid_argument,
                  fmt::format("--socket-owner {}: there is no such user", *words.socket_owner));
    }
  }
  if (words.socket_group) {
    access.group = find_group(*words.socket_group);
    if (!access.group) {
      return fail(ErrorCode::invalid_argument,
                  fmt::format("--socket-group {}: there is no such group", *words.socket_group));
    }
  }
  const std::string& mode = words.socket_mode;
  const char* const end = mode.data() + mode.size();
  const auto [stopped, error] = std::from_chars(mode.data(), end, access.mode, 8);
  if (error == std::errc{} && stopped == end && access.mode <= kAllMay) return access;
  return fail(ErrorCode::invalid_argument,
              fmt::format("--socket-mode {}: an octal number up to 777, such as 0660", mode));
}

// Takes a value out of a result, or notes the first thing that was wrong.
template <class T>
void take(T& to, Result<T> from, Status& so_far) {
  if (!from && so_far) so_far = tl::unexpected(from.error());
  if (from) to = *std::move(from);
}

Result<std::variant<Options, Answer>> judge(const Words& words) {
  Options options;
  Status status;
  take(options.run_directory, directory("--run-dir", words.run_directory), status);
  take(options.state_directory, directory("--state-dir", words.state_directory), status);
  take(options.workers, workers(words.workers), status);
  take(options.spin, spin(words.spin), status);
  take(options.log_level, log_level(words.log_level), status);
  take(options.plugin_directory, plugin_directory(words.plugin_directory), status);
  options.listen = words.listen;
  take(options.tls_directory, directory("--tls-dir", words.tls_directory), status);
  take(options.max_connections, max_connections(words.max_connections), status);
  take(options.http, http(words), status);
  take(options.socket_access, socket_access(words), status);
  if (!status) return tl::unexpected(status.error());
  return options;
}

}  // namespace

Result<std::variant<Options, Answer>> parse_options(int count, const char* const* arguments) {
  CLI::App app{"Virtual switches for the guests of this host", "hpvmnetd"};
  Words words;
  describe(app, words);
  try {
    app.parse(count, arguments);
  } catch (const CLI::CallForHelp&) {
    return app.help();
  } catch (const CLI::CallForVersion& version) {
    return std::string(version.what()) + '\n';
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::invalid_argument,
                std::string(error.what()) + " (hpvmnetd --help lists the options)");
  }
  return judge(words);
}

}  // namespace hpvmnet
