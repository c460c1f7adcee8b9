#include "process/accounts.h"

#include <charconv>
#include <limits>
#include <system_error>

#include <grp.h>
#include <pwd.h>

namespace hpvmnet {
namespace {

// The last number means none to the system.
std::optional<std::uint32_t> number(const std::string& text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  if (value == std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return value;
}

}  // namespace

// Called before there are threads, so the library's own memory will do.
std::optional<uid_t> find_user(const std::string& text) {
  if (const passwd* entry = ::getpwnam(text.c_str())) return entry->pw_uid;
  return number(text);
}

std::optional<gid_t> find_group(const std::string& text) {
  if (const group* entry = ::getgrnam(text.c_str())) return entry->gr_gid;
  return number(text);
}

}  // namespace hpvmnet
