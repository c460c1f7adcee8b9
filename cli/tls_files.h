#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/result.h"

namespace hpvmnet::cli {

/// By what a daemon on another host knows this user, and is known: PEM texts.
struct TlsFiles {
  std::filesystem::path directory;
  std::string authorities;  ///< ca.crt: the daemon's certificate is signed by one of these
  std::string certificate;  ///< client.crt
  std::string key;          ///< client.key
};

/// Reads the files of `named`, or else of the first of `usual` that has a client.crt. Refuses, with
/// the way out, what is missing, unreadable, expired, or does not belong together, and a key that
/// others may read.
Result<TlsFiles> load_tls_files(const std::optional<std::filesystem::path>& named,
                                const std::vector<std::filesystem::path>& usual);

}  // namespace hpvmnet::cli
