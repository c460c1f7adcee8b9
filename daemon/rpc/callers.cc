#include "rpc/callers.h"

#include <fmt/format.h>

namespace hpvmnet {
namespace {

constexpr const char* kNobody = "a client without a name";

std::string first_of(const std::vector<std::string>& names) {
  return names.empty() ? kNobody : names.front();
}

}  // namespace

Status LocalCallers::may_change(const Asked&) const {
  if (access_ == Access::administer) return {};
  return fail(ErrorCode::permission_denied,
              "this socket is for looking only; changes are made through control.sock beside it "
              "(--target unix:RUN-DIR/control.sock), which needs an administrator's rights");
}

std::string RemoteCallers::who(const Asked& call) const { return first_of(call.names); }

Status RemoteCallers::may_change(const Asked& call) const {
  const auto access = access_of(call.names);
  if (!access) return tl::unexpected(access.error());
  if (*access == Access::administer) return {};
  return fail(ErrorCode::permission_denied,
              fmt::format("{} is an observer, who may look only; a line \"administrator {}\" in {} "
                          "on the daemon's host would allow changes",
                          first_of(call.names), first_of(call.names),
                          (trust_.directory() / "roles").native()));
}

Result<Access> RemoteCallers::access_of(const std::vector<std::string>& names) const {
  if (const auto access = trust_.access_of(names)) return *access;
  return fail(ErrorCode::permission_denied,
              fmt::format("{} has a good certificate and no role; a line \"observer {}\" or "
                          "\"administrator {}\" in {} on the daemon's host would give it one",
                          first_of(names), first_of(names), first_of(names),
                          (trust_.directory() / "roles").native()));
}

}  // namespace hpvmnet
