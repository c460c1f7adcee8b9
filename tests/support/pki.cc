#include "support/pki.h"

#include <cstdlib>

namespace hpvmnet::test {

bool run_pki(const std::filesystem::path& directory, const std::string& arguments) {
  const std::string command =
      HPVMNET_PKI " --dir '" + directory.native() + "' " + arguments + " >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;  // NOLINT(cert-env33-c): words of the tests alone
}

}  // namespace hpvmnet::test
