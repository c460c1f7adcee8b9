#pragma once

#include <functional>
#include <memory>

#include "base/listen_address.h"
#include "base/result.h"
#include "http/http_message.h"

namespace hpvmnet {

/// Shows things to browsers and collectors: GET and HEAD, no bodies, nothing can be changed. Has a
/// thread of its own, so that no client, and no reply that takes long to write, delays anybody
/// else.
///
/// At most 64 connections at a time, 16 KiB for a request with its headers, five seconds for a
/// pause in it. Replies carry headers by which browsers trust nothing that does not come from here.
class HttpServer {
 public:
  /// Called on the server's thread, one call at a time.
  using Handler = std::function<HttpReply(const HttpRequest&)>;

  /// Begins to serve.
  static Result<std::unique_ptr<HttpServer>> start(const ListenAddress& address, Handler handler);

  /// Ends all connections; waits for the handler.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// With the port that was chosen.
  const ListenAddress& address() const noexcept;

 private:
  class Daemon;
  explicit HttpServer(std::unique_ptr<Daemon> daemon);

  std::unique_ptr<Daemon> daemon_;
};

}  // namespace hpvmnet
