#pragma once

#include <string>
#include <utility>

#include "base/access.h"
#include "base/result.h"
#include "remote/trust.h"
#include "rpc/call.h"

namespace hpvmnet {

/// Who the clients of a door of the control plane are, and what they may do. Any thread.
class Callers {
 public:
  virtual ~Callers() = default;

  /// A client's name, for the audit.
  virtual std::string who(const Asked& call) const = 0;

  /// Whether a client may change something, and if not, why.
  virtual Status may_change(const Asked& call) const = 0;
};

/// Those of a local socket: whoever could open it.
class LocalCallers : public Callers {
 public:
  LocalCallers(std::string socket, Access access) : socket_(std::move(socket)), access_(access) {}

  std::string who(const Asked&) const override { return socket_; }
  Status may_change(const Asked& call) const override;

 private:
  std::string socket_;
  Access access_;
};

/// Those who come over the network: what they may do is said by their certificates.
class RemoteCallers : public Callers {
 public:
  /// `trust` outlives it.
  explicit RemoteCallers(const Trust& trust) : trust_(trust) {}

  std::string who(const Asked& call) const override;
  Status may_change(const Asked& call) const override;

  /// Whether the owner of such a certificate may do anything at all, and if not, why.
  Result<Access> access_of(const std::vector<std::string>& names) const;

 private:
  const Trust& trust_;
};

}  // namespace hpvmnet
