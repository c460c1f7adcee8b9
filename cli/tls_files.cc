#include "cli/tls_files.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include "cli/openssl_handles.h"

namespace hpvmnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWayOut =
    "'hpvmnet-pki client NAME --role observer' on the daemon's host makes one, or --role "
    "administrator";

Result<std::string> read(const fs::path& file) {
  std::ifstream opened(file, std::ios::binary);
  if (!opened) {
    return failed(fmt::format("cannot read {}: {}; {}", file.native(),
                              std::generic_category().message(errno), kWayOut));
  }
  return std::string(std::istreambuf_iterator<char>(opened), {});
}

Result<Certificate> certificate_in(const std::string& text, const fs::path& file) {
  Certificate certificate(PEM_read_bio_X509(memory(text).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!certificate) return failed(fmt::format("{} holds no certificate", file.native()));
  if (X509_cmp_current_time(X509_get0_notBefore(certificate.get())) > 0) {
    return failed(
        fmt::format("the certificate in {} is not valid yet; is the clock right?", file.native()));
  }
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0) {
    return failed(fmt::format("the certificate in {} has expired; {}", file.native(), kWayOut));
  }
  return certificate;
}

Status check_key(const TlsFiles& files, const X509* certificate) {
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  const Key key(PEM_read_bio_PrivateKey(memory(files.key).get(), nullptr, no_passphrase, nullptr));
  const bool belongs = key && X509_check_private_key(certificate, key.get()) == 1;
  ERR_clear_error();
  const std::string file = (files.directory / "client.key").native();
  if (!key) return failed(fmt::format("{} holds no private key without a passphrase", file));
  if (!belongs) return failed(fmt::format("{} does not belong to client.crt beside it", file));
  struct stat found {};
  if (::stat(file.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return failed(
        fmt::format("others may read or change the private key {}; 'chmod 600 {}', and "
                    "have a new one made if somebody may have read it",
                    file, file));
  }
  return {};
}

Result<TlsFiles> load(const fs::path& directory) {
  TlsFiles files{directory, {}, {}, {}};
  const struct {
    const char* name;
    std::string TlsFiles::*text;
  } wanted[] = {{"ca.crt", &TlsFiles::authorities},
                {"client.crt", &TlsFiles::certificate},
                {"client.key", &TlsFiles::key}};
  for (const auto& [name, text] : wanted) {
    auto found = read(directory / name);
    if (!found) return tl::unexpected(found.error());
    files.*text = *std::move(found);
  }
  if (const auto good = certificate_in(files.authorities, directory / "ca.crt"); !good) {
    return tl::unexpected(good.error());
  }
  const auto certificate = certificate_in(files.certificate, directory / "client.crt");
  if (!certificate) return tl::unexpected(certificate.error());
  if (Status good = check_key(files, certificate->get()); !good) {
    return tl::unexpected(good.error());
  }
  return files;
}

bool has_certificate(const fs::path& directory) {
  std::error_code ignored;
  return fs::exists(directory / "client.crt", ignored);
}

}  // namespace

Result<TlsFiles> load_tls_files(const std::optional<fs::path>& named,
                                const std::vector<fs::path>& usual) {
  if (named) return load(*named);
  const auto found = std::ranges::find_if(usual, has_certificate);
  if (found != usual.end()) return load(*found);
  std::vector<std::string> looked_in;
  for (const fs::path& directory : usual) looked_in.push_back(directory.native());
  return failed(
      fmt::format("a daemon on another host is reached with a certificate, and there is no "
                  "client.crt in {}; {}, --tls-dir tells where it is",
                  fmt::join(looked_in, " or "), kWayOut));
}

}  // namespace hpvmnet::cli
