#include "web/web_server.h"

#include <string_view>

#include <fmt/format.h>

#include "web/static_files.h"

namespace hpvmnet {

WebServer::WebServer(Loop& loop, const Commands& commands)
    : visits_(loop), api_(visits_, commands) {}

WebServer::~WebServer() { visits_.close(); }

Result<std::unique_ptr<WebServer>> WebServer::start(const ListenAddress& address, Loop& loop,
                                                    const Commands& commands) {
  std::unique_ptr<WebServer> web(new WebServer(loop, commands));
  auto server = HttpServer::start(
      address, [self = web.get()](const HttpRequest& request) { return self->reply_to(request); });
  if (!server) return tl::unexpected(server.error());
  web->server_ = std::move(*server);
  return web;
}

HttpReply WebServer::reply_to(const HttpRequest& request) {
  constexpr std::string_view kVswitch = "/api/v1/vswitches/";
  if (request.path == "/metrics") return api_.metrics();
  if (request.path == "/api/v1/overview") return api_.overview();
  if (request.path == "/api/v1/events") {
    const auto after = request.query.find("after");
    return api_.events(after == request.query.end() ? "" : after->second);
  }
  if (request.path.starts_with(kVswitch)) {
    return api_.vswitch(request.path.substr(kVswitch.size()));
  }
  if (auto file = static_file(request.path)) return *std::move(file);
  return http_refusal(404, fmt::format("there is no {} here", request.path));
}

}  // namespace hpvmnet
