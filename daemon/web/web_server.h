#pragma once

#include <memory>

#include "base/listen_address.h"
#include "base/log.h"
#include "base/result.h"
#include "control/commands.h"
#include "control/loop.h"
#include "http/http_message.h"
#include "http/http_server.h"
#include "rpc/visits.h"
#include "web/api.h"

namespace hpvmnet {

/// What the daemon shows by HTTP: its page, the JSON that the page draws, and metrics. It says what
/// RUN-DIR/read.sock says to everybody on this host, and changes nothing.
class WebServer {
 public:
  /// Begins to serve. Replies are given as soon as the loop runs. `loop` and `commands` outlive the
  /// server.
  static Result<std::unique_ptr<WebServer>> start(const ListenAddress& address, Loop& loop,
                                                  const Commands& commands);

  /// Control thread: replies that wait for it end with 503.
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  const ListenAddress& address() const noexcept { return server_->address(); }

 private:
  WebServer(Loop& loop, const Commands& commands);
  HttpReply reply_to(const HttpRequest& request);

  Visits visits_;
  Api api_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace hpvmnet
