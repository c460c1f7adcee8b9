#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include "cli/result.h"
#include "cli/target.h"
#include "hpvmnet/v1/configuration.grpc.pb.h"
#include "hpvmnet/v1/daemon.grpc.pb.h"
#include "hpvmnet/v1/guest.grpc.pb.h"
#include "hpvmnet/v1/packet.grpc.pb.h"
#include "hpvmnet/v1/vswitch.grpc.pb.h"
#include "hpvmnet/v1/watch.grpc.pb.h"

namespace hpvmnet::cli {

/// The daemon, as the commands see it: its services behind one channel, each call with a time limit
/// and an outcome that can be told to the user.
class Client {
 public:
  using Configurations = v1::ConfigurationService::StubInterface;
  using Daemon = v1::DaemonService::StubInterface;
  using Guests = v1::GuestService::StubInterface;
  using Packets = v1::PacketService::StubInterface;
  using Vswitches = v1::VswitchService::StubInterface;
  using Watches = v1::WatchService::StubInterface;

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

  /// Has each message of a stream shown to `take`, until that returns false or the stream ends,
  /// which is a success. Without a time limit: a stream may be endless.
  template <class Service, class Request, class Response>
  Status stream(std::unique_ptr<grpc::ClientReaderInterface<Response>> (Service::*method)(
                    grpc::ClientContext*, const Request&),
                const std::type_identity_t<Request>& request,
                const std::type_identity_t<std::function<bool(const Response&)>>& take) {
    grpc::ClientContext context;
    return stream(context, method, request, take);
  }

  /// The same, which any thread can end by cancelling `context`.
  template <class Service, class Request, class Response>
  Status stream(grpc::ClientContext& context,
                std::unique_ptr<grpc::ClientReaderInterface<Response>> (Service::*method)(
                    grpc::ClientContext*, const Request&),
                const std::type_identity_t<Request>& request,
                const std::type_identity_t<std::function<bool(const Response&)>>& take) {
    const auto reader = (stub<Service>().*method)(&context, request);
    Response response;
    bool wanted = true;
    while (wanted && reader->Read(&response)) wanted = take(response);
    if (!wanted) context.TryCancel();
    const grpc::Status status = reader->Finish();
    if (!wanted || status.ok()) return {};
    return failed(explain(status, context, Effect::none));
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
    return *std::get<std::unique_ptr<Service>>(stubs_);
  }

  std::string explain(const grpc::Status& status, const grpc::ClientContext& context,
                      Effect effect) const;

  Target target_;
  std::chrono::milliseconds timeout_;
  std::tuple<std::unique_ptr<Configurations>, std::unique_ptr<Daemon>, std::unique_ptr<Guests>,
             std::unique_ptr<Packets>, std::unique_ptr<Vswitches>, std::unique_ptr<Watches>>
      stubs_;
};

}  // namespace hpvmnet::cli
