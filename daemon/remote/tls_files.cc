#include "remote/tls_files.h"

#include <cerrno>
#include <memory>

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;

constexpr off_t kLargestFile = 1 << 20;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

tl::unexpected<Error> refuse(const fs::path& file, std::string_view what) {
  return fail(ErrorCode::failed_precondition, fmt::format("{} {}", file.native(), what));
}

Result<std::string> contents(int descriptor, off_t size, const fs::path& file) {
  std::string text(static_cast<std::size_t>(size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::read(descriptor, text.data() + done, text.size() - done);
    if (count < 0) return system_failure(fmt::format("cannot read {}", file.native()), errno);
    if (count == 0) return refuse(file, "has become shorter while it was read; try again");
    done += static_cast<std::size_t>(count);
  }
  return text;
}

// What a file's mode must not have, and what is said where it has.
struct Forbidden {
  mode_t bits;
  const char* why;
};
constexpr Forbidden kSecret{S_IRWXG | S_IRWXO,
                            "is a private key that others may read or change: give it to nobody "
                            "else (chmod 600), and make a new one if somebody may have read it"};
constexpr Forbidden kTrusted{S_IWOTH, "may be changed by everybody; take that back (chmod o-w)"};

Result<std::string> read(const fs::path& file, const Forbidden& forbidden) {
  const Fd opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!opened && errno == ENOENT) {
    return refuse(file,
                  "is missing; 'hpvmnet-pki init', then 'hpvmnet-pki server NAME' make what TLS "
                  "needs");
  }
  struct stat found {};
  if (!opened || ::fstat(opened.get(), &found) != 0) {
    return system_failure(fmt::format("cannot read {}", file.native()), errno);
  }
  if (!S_ISREG(found.st_mode)) return refuse(file, "is no file");
  if (found.st_size > kLargestFile) return refuse(file, "has more than 1 MiB");
  if ((found.st_mode & forbidden.bits) != 0) return refuse(file, forbidden.why);
  return contents(opened.get(), found.st_size, file);
}

Bio memory(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// The first certificate of a text.
Result<Certificate> certificate_in(const std::string& text, const fs::path& file) {
  Certificate certificate(PEM_read_bio_X509(memory(text).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (certificate) return certificate;
  return refuse(file, "holds no certificate in PEM's form");
}

Status check_period(const X509* certificate, const fs::path& file) {
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    return refuse(file, "is a certificate that is not valid yet; is the clock right?");
  }
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    return refuse(file, "is a certificate that has expired; 'hpvmnet-pki' renews it");
  }
  return {};
}

Status check_key(const TlsFiles& files, const X509* certificate, const fs::path& file) {
  // A passphrase is never asked for: an encrypted key is one that cannot be read.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  const Key key(PEM_read_bio_PrivateKey(memory(files.key).get(), nullptr, no_passphrase, nullptr));
  const bool belongs = key && X509_check_private_key(certificate, key.get()) == 1;
  ERR_clear_error();
  if (!key) return refuse(file, "holds no private key in PEM's form, without a passphrase");
  if (!belongs) return refuse(file, "does not belong to the certificate in server.crt");
  return {};
}

Status check(const TlsFiles& files, const fs::path& directory) {
  const auto authority = certificate_in(files.authorities, directory / "ca.crt");
  if (!authority) return tl::unexpected(authority.error());
  const auto certificate = certificate_in(files.certificate, directory / "server.crt");
  if (!certificate) return tl::unexpected(certificate.error());
  return check_period(authority->get(), directory / "ca.crt")
      .and_then([&] { return check_period(certificate->get(), directory / "server.crt"); })
      .and_then([&] { return check_key(files, certificate->get(), directory / "server.key"); });
}

}  // namespace

Result<TlsFiles> load_tls_files(const fs::path& directory) {
  TlsFiles files;
  const struct {
    const char* name;
    std::string TlsFiles::*text;
    const Forbidden& forbidden;
  } pem_files[] = {{"ca.crt", &TlsFiles::authorities, kTrusted},
                   {"server.crt", &TlsFiles::certificate, kTrusted},
                   {"server.key", &TlsFiles::key, kSecret}};
  for (const auto& [name, text, forbidden] : pem_files) {
    auto found = read(directory / name, forbidden);
    if (!found) return tl::unexpected(found.error());
    files.*text = *std::move(found);
  }
  if (Status good = check(files, directory); !good) return tl::unexpected(good.error());
  const fs::path roles_file = directory / "roles";
  auto roles = read(roles_file, kTrusted).and_then([&](const std::string& text) {
    return Roles::parse(text, roles_file.native());
  });
  if (!roles) return tl::unexpected(roles.error());
  files.roles = *std::move(roles);
  return files;
}

}  // namespace hpvmnet
