#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/access.h"
#include "base/result.h"

namespace hpvmnet {

/// What those may do whose certificates have certain names. A value.
///
/// The text has a line for each name, comments begin with '#':
///
///     administrator CN=alice
///     observer      DNS:monitor.example.org
///
/// Names are CN= (the common name), DNS:, URI:, EMAIL:, IP: (subject alternative names) and
/// SUBJECT: (the whole subject, RFC 2253).
class Roles {
 public:
  /// `source` names the text in messages: "roles:3: ...". Refuses a text with an error as a whole.
  static Result<Roles> parse(std::string_view text, std::string_view source);

  /// The most that one of these names may do; nothing where none has a role.
  std::optional<Access> of(std::span<const std::string> names) const;

  bool operator==(const Roles&) const = default;

 private:
  std::map<std::string, Access, std::less<>> by_name_;
};

/// "administrator" or "observer".
std::string_view role_name(Access access);

}  // namespace hpvmnet
