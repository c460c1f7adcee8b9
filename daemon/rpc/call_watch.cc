#include "rpc/call_watch.h"

#include <string>

#include "rpc/asked.h"

namespace hpvmnet {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

class CallWatch : public Interceptor {
 public:
  CallWatch(Connections& connections, const RemoteCallers& callers, ServerRpcInfo& call)
      : connections_(connections), callers_(callers), call_(call) {}
  ~CallWatch() override {
    if (!peer_.empty()) connections_.call_ended(peer_, this);
  }
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;

  void Intercept(InterceptorBatchMethods* now) override {
    if (now->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      begin();
    }
    if (now->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_MESSAGE)) {
      connections_.write_began(peer_, this);
    }
    if (now->QueryInterceptionHookPoint(InterceptionHookPoints::POST_SEND_MESSAGE)) {
      connections_.write_ended(peer_, this);
    }
    now->Proceed();
  }

 private:
  // Not before there is a call: the context knows nothing of it until then.
  void begin() {
    const auto& context = *call_.server_context();
    peer_ = peer_address(context.peer());
    const auto access = callers_.access_of(certificate_names(*context.auth_context()));
    connections_.call_began(peer_, this, access.value_or(Access::look));
  }

  Connections& connections_;
  const RemoteCallers& callers_;
  ServerRpcInfo& call_;
  std::string peer_;
};

}  // namespace

Interceptor* CallWatchFactory::CreateServerInterceptor(ServerRpcInfo* call) {
  return new CallWatch(connections_, callers_, *call);  // gRPC's from here on
}

}  // namespace hpvmnet
