// hpvmnetd: builds every part in the order in which they depend on each other, runs the control
// loop, and lets the parts end in the opposite order.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include "control/controller.h"
#include "control/loop.h"
#include "control/switchboard.h"
#include "control/watchdog.h"
#include "plugin/host/plugin_host.h"
#include "process/host_interfaces.h"
#include "process/open_log.h"
#include "process/options.h"
#include "process/run_directory.h"
#include "process/service_manager.h"
#include "remote/trust.h"
#include "rpc/audit_log.h"
#include "rpc/remote_endpoint.h"
#include "rpc/rpc_server.h"
#include "store/store.h"
#include "web/web_server.h"
#include "worker/worker_pool.h"

namespace hpvmnet {
namespace {

std::vector<std::optional<unsigned>> worker_cpus(const Options& options) {
  if (options.workers.empty()) return {std::nullopt};
  return {options.workers.begin(), options.workers.end()};
}

std::uint64_t random_number() {
  std::random_device source;
  return std::uint64_t{source()} << 32 | source();
}

// To what the system allows: each port takes a dozen descriptors, and the usual limit is for
// programs that still call select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// What serves remote clients, where any are wanted.
struct Remote {
  std::unique_ptr<Trust> trust;
  std::unique_ptr<RemoteEndpoint> endpoint;

  static Result<Remote> start(const Options& options, Loop& loop, Commands& commands, Audit& audit,
                              Log& log) {
    Remote remote;
    if (options.listen.empty()) return remote;
    auto trust = Trust::open(options.tls_directory, loop, log);
    if (!trust) return tl::unexpected(trust.error());
    remote.trust = *std::move(trust);
    ConnectionLimits limits;
    limits.most = options.max_connections;
    auto endpoint =
        RemoteEndpoint::start(options.listen, limits, *remote.trust, loop, commands, audit, log);
    if (!endpoint) return tl::unexpected(endpoint.error());
    remote.endpoint = *std::move(endpoint);
    return remote;
  }

  void reload() const {
    if (trust) trust->reload();
  }
};
// Where the service manager wants to hear of the daemon's health; else null.
std::unique_ptr<Watchdog> watch_over(Loop& loop, WorkerPool& workers, ServiceManager& manager) {
  const auto patience = ServiceManager::patience();
  if (!patience) return nullptr;
  return std::make_unique<Watchdog>(loop, workers, *patience, [&manager] { manager.alive(); });
}

// Runs until SIGTERM or SIGINT. Returns why it could not start, if so.
Status serve(const Options& options, Log& log) {
  auto run_directory = RunDirectory::claim(options.run_directory);
  if (!run_directory) return tl::unexpected(run_directory.error());
  auto store = Store::open(options.state_directory, log);
  if (!store) return tl::unexpected(store.error());
  auto model = (*store)->load();
  if (!model) return tl::unexpected(model.error());

  Loop loop;
  const auto stop = [&] { loop.stop(); };
  const auto terminated = loop.watch_signal(SIGTERM, stop);
  const auto interrupted = loop.watch_signal(SIGINT, stop);

  PluginHost plugins(log);
  if (Status loaded = plugins.load(options.plugin_directory); !loaded) return loaded;
  auto workers = WorkerPool::start(worker_cpus(options), options.spin);
  if (!workers) return tl::unexpected(workers.error());

  EventJournal journal(random_number());
  const auto find_adaptor = [&](std::string_view name) { return plugins.find(name); };
  const auto find_filter = [&](std::string_view name) { return plugins.find_filter(name); };
  Switchboard board({loop, **workers, log, run_directory->vswitches(), find_adaptor, find_filter,
                     random_number, journal, options.socket_access});
  Controller controller(std::move(*model), {board,
                                            {[&](std::string_view name) {
                                               const Adaptor* adaptor = plugins.find(name);
                                               return adaptor != nullptr && adaptor->for_guests();
                                             },
                                             random_number},
                                            [&](const Model& from, const Model& to) {
                                              return (*store)->save(from, to);
                                            },
                                            find_adaptor,
                                            [&] { return plugins.statuses(); },
                                            log,
                                            journal,
                                            interface_with});
  AuditLog audit(options.state_directory / "audit.log", log);
  auto server = RpcServer::start(run_directory->path(), loop, controller, audit);
  if (!server) return tl::unexpected(server.error());
  auto remote = Remote::start(options, loop, controller, audit, log);
  if (!remote) return tl::unexpected(remote.error());
  const auto hung_up = loop.watch_signal(SIGHUP, [&] {
    audit.reopen();
    remote->reload();
  });

  std::unique_ptr<WebServer> web;
  if (options.http) {
    auto started = WebServer::start(*options.http, loop, controller);
    if (!started) return tl::unexpected(started.error());
    web = std::move(*started);
    log.info("a web page and metrics are at http://{}/", web->address().text());
  }

  ServiceManager manager;
  const auto watchdog = watch_over(loop, **workers, manager);
  log.info("hpvmnetd {} serves {}", HPVMNET_VERSION, run_directory->path().string());
  loop.post([&] { manager.ready("serves " + run_directory->path().string()); });
  loop.run();
  manager.stopping();
  log.info("stopping");
  return {};
}

int run(int count, const char* const* arguments) {
  auto options = parse_options(count, arguments);
  if (!options) {
    fmt::print(stderr, "hpvmnetd: {}\n", options.error().text);
    return 2;
  }
  if (const auto* answer = std::get_if<Answer>(&*options)) {
    fmt::print("{}", *answer);
    return EXIT_SUCCESS;
  }
  const auto& chosen = std::get<Options>(*options);
  raise_descriptor_limit();
  std::signal(SIGPIPE, SIG_IGN);  // peers leave; calls say so
  const std::unique_ptr<Log> log = open_log(chosen.log_level);
  if (const Status status = serve(chosen, *log); !status) {
    log->error("{}", status.error().text);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace hpvmnet

int main(int count, char** arguments) {
  try {
    return hpvmnet::run(count, arguments);
  } catch (const std::exception& exception) {  // of a library: no memory, for one
    std::fprintf(stderr, "hpvmnetd: %s\n", exception.what());
    return EXIT_FAILURE;
  }
}
