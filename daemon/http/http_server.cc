#include "http/http_server.h"

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "http/host_check.h"

namespace hpvmnet {
namespace {

constexpr unsigned kMostConnections = 64;
constexpr std::size_t kConnectionMemory = 16 << 10;  // for a request and the headers of its reply
constexpr unsigned kLongestPause = 5;                // seconds

// Nothing but what comes from here, no other site looks in, and no copy is kept.
constexpr std::array<std::pair<const char*, const char*>, 7> kHeaders{{
    {"Content-Security-Policy",
     "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
     "object-src 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
}};

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

Result<Fd> listen_on(const ListenAddress& address) {
  Fd socket(::socket(address.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int yes = 1;
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(socket.get(), address.data(), address.size()) != 0 ||
      ::listen(socket.get(), static_cast<int>(kMostConnections)) != 0) {
    return system_failure(fmt::format("cannot serve HTTP on {}", address.text()), errno);
  }
  return socket;
}

std::string_view header(MHD_Connection* connection, const char* name) {
  const char* value = ::MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? std::string_view() : value;
}

HttpRequest read_request(MHD_Connection* connection, const char* path) {
  HttpRequest request{.path = path, .query = {}};
  const auto note = [](void* to, MHD_ValueKind, const char* name, const char* value) {
    static_cast<HttpRequest*>(to)->query[name] = value == nullptr ? "" : value;
    return MHD_YES;
  };
  ::MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, note, &request);
  return request;
}

MHD_Result send(MHD_Connection* connection, HttpReply reply) {
  auto* body = new std::string(std::move(reply.body));
  const auto drop = [](void* owned) { delete static_cast<std::string*>(owned); };
  MHD_Response* response = ::MHD_create_response_from_buffer_with_free_callback_cls(
      body->size(), body->data(), drop, body);
  if (response == nullptr) {
    delete body;
    return MHD_NO;
  }
  for (const auto& [name, value] : kHeaders) ::MHD_add_response_header(response, name, value);
  ::MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.type.c_str());
  if (reply.status == MHD_HTTP_METHOD_NOT_ALLOWED) {
    ::MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  }
  const MHD_Result queued = ::MHD_queue_response(connection, reply.status, response);
  ::MHD_destroy_response(response);  // the connection keeps it as long as it needs
  return queued;
}

}  // namespace

/// libmicrohttpd's daemon.
class HttpServer::Daemon {
 public:
  explicit Daemon(Handler handler) : handler_(std::move(handler)) {}
  ~Daemon() {
    if (daemon_ != nullptr) ::MHD_stop_daemon(daemon_);
  }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  Status start(const ListenAddress& address) {
    auto socket = listen_on(address);
    if (!socket) return tl::unexpected(socket.error());
    address_ = ListenAddress::of(socket->get());
    daemon_ = ::MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, nullptr, nullptr, &answer, this,
        MHD_OPTION_LISTEN_SOCKET, socket->get(), MHD_OPTION_CONNECTION_LIMIT, kMostConnections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory, MHD_OPTION_CONNECTION_TIMEOUT,
        kLongestPause, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_END);
    if (daemon_ == nullptr) {
      return fail(ErrorCode::internal, fmt::format("cannot serve HTTP on {}", address.text()));
    }
    socket->release();  // the library closes it
    return {};
  }

  const ListenAddress& address() const noexcept { return address_; }

 private:
  // Called when the headers have arrived. An answer given then keeps the library from reading a
  // body.
  static MHD_Result answer(void* self, MHD_Connection* connection, const char* path,
                           const char* method, const char*, const char*, std::size_t*,
                           void**) noexcept try {
    return send(connection, static_cast<Daemon*>(self)->reply_to(connection, path, method));
  } catch (...) {  // no memory: this client goes without
    return MHD_NO;
  }

  HttpReply reply_to(MHD_Connection* connection, const char* path, std::string_view method) {
    if (method != MHD_HTTP_METHOD_GET && method != MHD_HTTP_METHOD_HEAD) {
      return http_refusal(MHD_HTTP_METHOD_NOT_ALLOWED, "nothing can be changed here: use GET");
    }
    const std::string_view length = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if ((!length.empty() && length != "0") ||
        !header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING).empty()) {
      return http_refusal(MHD_HTTP_CONTENT_TOO_LARGE, "requests have no body here");
    }
    if (!names_this_host(header(connection, MHD_HTTP_HEADER_HOST), host_name_)) {
      return http_refusal(MHD_HTTP_MISDIRECTED_REQUEST,
                          "this is not the host that was asked for: use its address, its name, or "
                          "localhost");
    }
    return handler_(read_request(connection, path));
  }

  const Handler handler_;
  const std::string host_name_ = host_name();
  ListenAddress address_;
  MHD_Daemon* daemon_ = nullptr;
};

HttpServer::HttpServer(std::unique_ptr<Daemon> daemon) : daemon_(std::move(daemon)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ListenAddress& address,
                                                      Handler handler) {
  auto daemon = std::make_unique<Daemon>(std::move(handler));
  if (const Status started = daemon->start(address); !started) {
    return tl::unexpected(started.error());
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(daemon)));
}

const ListenAddress& HttpServer::address() const noexcept { return daemon_->address(); }

}  // namespace hpvmnet
