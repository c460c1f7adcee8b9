#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <type_traits>

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "cli/result.h"
#include "cli/target.h"
#include "hpvmnet/v1/daemon.grpc.pb.h"
#include "hpvmnet/v1/guest.grpc.pb.h"
#include "hpvmnet/v1/vswitch.grpc.pb.h"

namespace hpvmnet::cli {

/// The daemon, as the commands see it: its services behind one channel, each call with a time limit
/// and an outcome that can be told to the user.
class Client {
 public:
  using Daemon = v1::DaemonService::StubInterface;
  using Guests = v1::GuestService::StubInterface;
  using Vswitches = v1::VswitchService::StubInterface;

  /// Does not connect yet. `timeout` is for each call.
  Client(Target target, std::chrono::milliseconds timeout);

  /// Asks something: `look(&Client::Guests::GetGuest, request)`.
  template <class Service, class Request, class Response>
  Result<Response> look(grpc::Status (Service::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
                        const std::type_identity_t<Request>& request) {
    return call(method, request, Effect::none);
  }

  /// Changes something; where the answer is lost, the user hears that the outcome is unknown.
  template <class Service, class Request, class Response>
  Result<Response> change(grpc::Status (Service::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                          const std::type_identity_t<Request>& request) {
    return call(method, request, Effect::change);
  }

 private:
  enum class Effect : unsigned char { none, change };

  template <class Service, class Request, class Response>
  Result<Response> call(grpc::Status (Service::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
                        const Request& request, Effect effect) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout_);
    Response response;
    const grpc::Status status = (stub<Service>().*method)(&context, request, &response);
    if (!status.ok()) return failed(explain(status, context, effect));
    return response;
  }

  template <class Service>
  Service& stub() {
    if constexpr (std::is_same_v<Service, Daemon>) return *daemon_;
    if constexpr (std::is_same_v<Service, Guests>) return *guests_;
    if constexpr (std::is_same_v<Service, Vswitches>) return *vswitches_;
  }

  std::string explain(const grpc::Status& status, const grpc::ClientContext& context,
                      Effect effect) const;

  Target target_;
  std::chrono::milliseconds timeout_;
  std::unique_ptr<Daemon> daemon_;
  std::unique_ptr<Guests> guests_;
  std::unique_ptr<Vswitches> vswitches_;
};

}  // namespace hpvmnet::cli
