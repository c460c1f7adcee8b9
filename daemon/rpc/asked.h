#pragma once

#include <string>
#include <vector>

#include <google/protobuf/message.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/server_context.h>

#include "rpc/call.h"

namespace hpvmnet {

/// Who asks for what, for Gate::change().
Asked asked(const grpc::ServerContext& context, const google::protobuf::Message& request);

/// The names in the certificate of a client, as Roles writes them, the most telling one first;
/// none on a connection without certificates.
std::vector<std::string> certificate_names(const grpc::AuthContext& client);

/// gRPC's "ipv6:%5B::1%5D:80" as "[::1]:80"; empty for local sockets.
std::string peer_address(const std::string& peer);

}  // namespace hpvmnet
