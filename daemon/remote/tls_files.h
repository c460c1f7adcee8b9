#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "remote/roles.h"

namespace hpvmnet {

/// What a directory of TLS files says: by what the daemon proves who it is, whom it believes, and
/// who may do what.
struct TlsFiles {
  std::string authorities;  ///< ca.crt: PEM; certificates of clients are signed by one of these
  std::string certificate;  ///< server.crt: PEM; the daemon's own, then those up to an authority
  std::string key;          ///< server.key: PEM; belongs to the certificate
  Roles roles;              ///< roles
  bool operator==(const TlsFiles&) const = default;
};

/// Reads and judges them. Refuses, with the way out, a file that is missing or cannot be read, a
/// key that others may read or that belongs to another certificate, and a certificate that is not
/// valid now.
Result<TlsFiles> load_tls_files(const std::filesystem::path& directory);

}  // namespace hpvmnet
