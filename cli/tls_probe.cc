#include "cli/tls_probe.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/openssl_handles.h"

namespace hpvmnet::cli {
namespace {

constexpr int kPatienceMs = 2000;
constexpr std::string_view kIsItRunning =
    "is hpvmnetd running there, with --listen, and does a firewall let this through?";

using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL_free>>;

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Whether the socket becomes ready in time.
bool await(int socket, short what) {
  pollfd wanted{.fd = socket, .events = what, .revents = 0};
  return ::poll(&wanted, 1, kPatienceMs) == 1;
}

// 0 or why it failed.
int connect(int socket, const addrinfo& to) {
  if (::connect(socket, to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!await(socket, POLLOUT)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

bool is_address(const std::string& host) {
  std::array<unsigned char, 16> ignored{};
  return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

Context make_context(const TlsFiles& files) {
  Context context(SSL_CTX_new(TLS_client_method()));
  const Bio authorities = memory(files.authorities);
  while (const Certificate one{PEM_read_bio_X509(authorities.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), one.get());
  }
  const Certificate own(
      PEM_read_bio_X509(memory(files.certificate).get(), nullptr, nullptr, nullptr));
  const Key key(PEM_read_bio_PrivateKey(memory(files.key).get(), nullptr, nullptr, nullptr));
  SSL_CTX_use_certificate(context.get(), own.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  constexpr std::array<unsigned char, 3> kHttp2{2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), kHttp2.data(), kHttp2.size());
  return context;
}

// Calls `step` until it is done or fails for good.
template <class Step>
int repeat(SSL* session, int socket, Step step) {
  for (;;) {
    const int result = step();
    const int error = SSL_get_error(session, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return error;
    if (!await(socket, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return error;
  }
}

std::string about_its_certificate(long verdict, const std::string& host, const TlsFiles& files) {
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired; 'hpvmnet-pki server NAME --renew' there renews it";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format(
          "its certificate is not for the name {}; use a name that is in it, or add this one: "
          "'hpvmnet-pki server NAME --san {} --renew' there",
          host, host);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return fmt::format(
          "its certificate is not signed by the authority in {}; either that is another "
          "installation's, or somebody else answers in the daemon's place",
          (files.directory / "ca.crt").native());
    default:
      return fmt::format("its certificate is not good: {}", X509_verify_cert_error_string(verdict));
  }
}

std::string about_our_certificate(const TlsFiles& files) {
  return fmt::format(
      "it does not accept the certificate in {}, which another authority may have signed; an "
      "administrator there makes a good one with 'hpvmnet-pki client'",
      (files.directory / "client.crt").native());
}

bool is_hang_up() { return ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING; }

std::string try_tls(int socket, const std::string& host, const TlsFiles& files) {
  const Context context = make_context(files);
  const Session session(SSL_new(context.get()));
  if (is_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), host.c_str());
  } else {
    SSL_set1_host(session.get(), host.c_str());
    SSL_set_tlsext_host_name(session.get(), host.c_str());
  }
  SSL_set_fd(session.get(), socket);
  ERR_clear_error();
  const int handshake = repeat(session.get(), socket, [&] { return SSL_connect(session.get()); });
  if (const long verdict = SSL_get_verify_result(session.get()); verdict != X509_V_OK) {
    return about_its_certificate(verdict, host, files);
  }
  if (handshake == SSL_ERROR_SYSCALL || is_hang_up()) {
    return "it hung up; perhaps it has as many clients as it may have, so try again soon";
  }
  if (handshake == SSL_ERROR_SSL) {
    return ERR_GET_REASON(ERR_peek_error()) < SSL_AD_REASON_OFFSET
               ? "somebody listens there, but does not speak TLS"
               : about_our_certificate(files);
  }
  if (handshake != SSL_ERROR_NONE) return "somebody listens there, but does not answer";
  // With TLS 1.3 a refusal of the client's certificate comes only now.
  char first = 0;
  const auto read = [&] { return SSL_read(session.get(), &first, 1); };
  const bool welcome = repeat(session.get(), socket, read) == SSL_ERROR_NONE;
  return welcome ? "" : about_our_certificate(files);
}

}  // namespace

std::string what_stands_in_the_way(const std::string& host, const std::string& port,
                                   const TlsFiles& files) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return fmt::format("the host's name is not known here ({})", ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, ::freeaddrinfo);
  int error = 0;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    const Socket socket(
        ::socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
    if (socket.get() < 0) return std::generic_category().message(errno);
    error = connect(socket.get(), *at);
    if (error == 0) return try_tls(socket.get(), host, files);
  }
  return fmt::format("{}; {}", std::generic_category().message(error), kIsItRunning);
}

}  // namespace hpvmnet::cli
