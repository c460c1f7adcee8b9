#include "remote/roles.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

namespace hpvmnet {
namespace {

constexpr std::string_view kBlank = " \t\r";
constexpr std::array<std::string_view, 6> kKinds{
    "CN=", "DNS:", "URI:", "EMAIL:", "IP:", "SUBJECT:"};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::optional<Access> access_of(std::string_view role) {
  for (const Access access : {Access::look, Access::administer}) {
    if (role == role_name(access)) return access;
  }
  return std::nullopt;
}

bool is_name(std::string_view name) {
  return std::ranges::any_of(kKinds, [&](std::string_view kind) {
    return name.starts_with(kind) && name.size() > kind.size();
  });
}

struct Line {
  std::string_view name;
  Access access = Access::look;
};

Result<Line> parse_line(std::string_view line) {
  const std::size_t end = std::min(line.find_first_of(kBlank), line.size());
  const std::string_view role = line.substr(0, end);
  const std::string_view name = trimmed(line.substr(end));
  const auto access = access_of(role);
  if (!access) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("\"{}\" is no role; roles are administrator and observer", role));
  }
  if (is_name(name)) return Line{name, *access};
  return fail(ErrorCode::invalid_argument,
              fmt::format("\"{}\" is no name of a certificate; write CN=, DNS:, URI:, EMAIL:, IP: "
                          "or SUBJECT: and what follows there in the certificate",
                          name));
}

}  // namespace

std::string_view role_name(Access access) {
  return access == Access::administer ? "administrator" : "observer";
}

Result<Roles> Roles::parse(std::string_view text, std::string_view source) {
  Roles roles;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    auto parsed = parse_line(line);
    if (parsed && !roles.by_name_.try_emplace(std::string(parsed->name), parsed->access).second) {
      parsed = fail(ErrorCode::invalid_argument,
                    fmt::format("{} has a role already; a name has one line", parsed->name));
    }
    if (!parsed) {
      return fail(parsed.error().code,
                  fmt::format("{}:{}: {}", source, number, parsed.error().text));
    }
  }
  return roles;
}

std::optional<Access> Roles::of(std::span<const std::string> names) const {
  std::optional<Access> most;
  for (const std::string& name : names) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) continue;
    if (!most || found->second == Access::administer) most = found->second;
  }
  return most;
}

}  // namespace hpvmnet
