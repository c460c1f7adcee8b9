#include "rpc/vswitch_service.h"

#include <algorithm>
#include <string>
#include <vector>

#include "rpc/asked.h"
#include "rpc/convert.h"
#include "rpc/errors.h"

namespace hpvmnet {
namespace {

// A port that is in no list has neither reservations nor settings.
PortStatus port_of(const VswitchStatus& vswitch, std::uint32_t number) {
  const auto found = std::ranges::find(vswitch.ports, number, &PortStatus::number);
  if (found != vswitch.ports.end()) return *found;
  PortStatus unused;
  unused.number = static_cast<PortNumber>(number);
  return unused;
}

}  // namespace

grpc::Status VswitchService::ListVswitches(grpc::ServerContext* context,
                                           const v1::ListVswitchesRequest*,
                                           v1::ListVswitchesResponse* response) {
  const auto all = gate_.look(context->deadline(), [](const Commands& commands) {
    return Result<std::vector<VswitchStatus>>(commands.vswitches());
  });
  return respond(*context, all, *response);
}

grpc::Status VswitchService::GetVswitch(grpc::ServerContext* context,
                                        const v1::GetVswitchRequest* request,
                                        v1::Vswitch* response) {
  const auto found = gate_.look(
      context->deadline(), from_proto(request->vswitch()),
      [](const Commands& commands, const VswitchName& which) { return commands.vswitch(which); });
  return respond(*context, found, *response);
}

grpc::Status VswitchService::CreateVswitch(grpc::ServerContext* context,
                                           const v1::CreateVswitchRequest* request,
                                           v1::Vswitch* response) {
  const auto created =
      gate_.change(asked(*context, *request), from_proto(*request),
                   [](Commands& commands, const CreateVswitchArguments& to) {
                     return commands.create_vswitch(to.name, to.backing, to.force).and_then([&] {
                       return commands.vswitch({.name = to.name, .number = 0});
                     });
                   });
  return respond(*context, created, *response);
}

grpc::Status VswitchService::CloneVswitch(grpc::ServerContext* context,
                                          const v1::CloneVswitchRequest* request,
                                          v1::Vswitch* response) {
  const auto cloned = gate_.change(
      asked(*context, *request), from_proto(*request),
      [](Commands& commands, const CloneVswitchArguments& to) {
        return commands.clone_vswitch(to.source, to.name, to.backing, to.force).and_then([&] {
          return commands.vswitch({.name = to.name, .number = 0});
        });
      });
  return respond(*context, cloned, *response);
}

grpc::Status VswitchService::ClearCounters(grpc::ServerContext* context,
                                           const v1::ClearCountersRequest* request,
                                           v1::Vswitch* response) {
  const auto shown = gate_.change(asked(*context, *request), from_proto(*request),
                                  [](Commands& commands, const ClearCountersArguments& of) {
                                    return commands.clear_counters(of.vswitch, of.port);
                                  });
  return respond(*context, shown, *response);
}

grpc::Status VswitchService::BootVswitch(grpc::ServerContext* context,
                                         const v1::BootVswitchRequest* request,
                                         v1::Vswitch* response) {
  return set_up(*context, *request, true, *response);
}

grpc::Status VswitchService::HaltVswitch(grpc::ServerContext* context,
                                         const v1::HaltVswitchRequest* request,
                                         v1::Vswitch* response) {
  return set_up(*context, *request, false, *response);
}

template <class Request>
grpc::Status VswitchService::set_up(grpc::ServerContext& context, const Request& request, bool up,
                                    v1::Vswitch& response) {
  const auto changed = gate_.change(asked(context, request), from_proto(request.vswitch()),
                                    [up](Commands& commands, const VswitchName& vswitch) {
                                      return commands.set_vswitch_up(vswitch, up).and_then([&] {
                                        return commands.vswitch(vswitch);
                                      });
                                    });
  return respond(context, changed, response);
}

grpc::Status VswitchService::SetVswitchBacking(grpc::ServerContext* context,
                                               const v1::SetVswitchBackingRequest* request,
                                               v1::Vswitch* response) {
  const auto changed =
      gate_.change(asked(*context, *request), from_proto(*request),
                   [](Commands& commands, const BackingArguments& to) {
                     return commands.set_backing(to.vswitch, to.backing, to.force).and_then([&] {
                       return commands.vswitch(to.vswitch);
                     });
                   });
  return respond(*context, changed, *response);
}

grpc::Status VswitchService::SetVswitchMulticast(grpc::ServerContext* context,
                                                 const v1::SetVswitchMulticastRequest* request,
                                                 v1::Vswitch* response) {
  const auto changed =
      gate_.change(asked(*context, *request), from_proto(*request),
                   [](Commands& commands, const MulticastArguments& to) {
                     return commands.set_multicast_policy(to.vswitch, to.policy).and_then([&] {
                       return commands.vswitch(to.vswitch);
                     });
                   });
  return respond(*context, changed, *response);
}

grpc::Status VswitchService::SetVswitchFilters(grpc::ServerContext* context,
                                               const v1::SetVswitchFiltersRequest* request,
                                               v1::Vswitch* response) {
  const auto changed =
      gate_.change(asked(*context, *request), from_proto(*request),
                   [](Commands& commands, const FiltersArguments& to) {
                     return commands.set_filters(to.vswitch, to.filters).and_then([&] {
                       return commands.vswitch(to.vswitch);
                     });
                   });
  return respond(*context, changed, *response);
}

grpc::Status VswitchService::SetVswitchMirror(grpc::ServerContext* context,
                                              const v1::SetVswitchMirrorRequest* request,
                                              v1::Vswitch* response) {
  const auto changed =
      gate_.change(asked(*context, *request), from_proto(*request),
                   [](Commands& commands, const MirrorArguments& to) {
                     return commands.set_mirror(to.vswitch, to.mirror).and_then([&] {
                       return commands.vswitch(to.vswitch);
                     });
                   });
  return respond(*context, changed, *response);
}

grpc::Status VswitchService::ResetVswitch(grpc::ServerContext* context,
                                          const v1::ResetVswitchRequest* request,
                                          v1::Vswitch* response) {
  const auto changed = gate_.change(
      asked(*context, *request), from_proto(request->vswitch()),
      [](Commands& commands, const VswitchName& which) {
        return commands.reset_vswitch(which).and_then([&] { return commands.vswitch(which); });
      });
  return respond(*context, changed, *response);
}

grpc::Status VswitchService::DeleteVswitch(grpc::ServerContext* context,
                                           const v1::DeleteVswitchRequest* request,
                                           v1::DeleteVswitchResponse*) {
  const Status deleted = gate_.change(
      asked(*context, *request), from_proto(request->vswitch()),
      [](Commands& commands, const VswitchName& which) { return commands.delete_vswitch(which); });
  return respond(*context, deleted);
}

// `set` is given the request's arguments. Answers with the port as it is then.
template <class Request, class Set>
grpc::Status VswitchService::set_port(grpc::ServerContext& context, const Request& request, Set set,
                                      v1::Port& response) {
  const auto changed = gate_.change(
      asked(context, request), from_proto(request), [set](Commands& commands, const auto& to) {
        return set(commands, to)
            .and_then([&] { return commands.vswitch(to.vswitch); })
            .map([&](const VswitchStatus& vswitch) { return port_of(vswitch, to.port); });
      });
  return respond(context, changed, response);
}

grpc::Status VswitchService::SetPort(grpc::ServerContext* context,
                                     const v1::SetPortRequest* request, v1::Port* response) {
  return set_port(
      *context, *request,
      [](Commands& commands, const auto& to) {
        return commands.change_port(to.vswitch, to.port, to.change);
      },
      *response);
}

grpc::Status VswitchService::SetPortVlan(grpc::ServerContext* context,
                                         const v1::SetPortVlanRequest* request,
                                         v1::Port* response) {
  return set_port(
      *context, *request,
      [](Commands& commands, const auto& to) {
        return commands.set_port_vlan(to.vswitch, to.port, to.vlan);
      },
      *response);
}

grpc::Status VswitchService::SetPortTrunk(grpc::ServerContext* context,
                                          const v1::SetPortTrunkRequest* request,
                                          v1::Port* response) {
  return set_port(
      *context, *request,
      [](Commands& commands, const auto& to) {
        return commands.set_port_trunk(to.vswitch, to.port, to.trunk);
      },
      *response);
}

grpc::Status VswitchService::SetPortQueuePairs(grpc::ServerContext* context,
                                               const v1::SetPortQueuePairsRequest* request,
                                               v1::Port* response) {
  return set_port(
      *context, *request,
      [](Commands& commands, const auto& to) {
        return commands.set_port_queue_pairs(to.vswitch, to.port, to.queue_pairs);
      },
      *response);
}

grpc::Status VswitchService::SetPortRings(grpc::ServerContext* context,
                                          const v1::SetPortRingsRequest* request,
                                          v1::Port* response) {
  return set_port(
      *context, *request,
      [](Commands& commands, const auto& to) {
        return commands.set_port_rings(to.vswitch, to.port, to.packed);
      },
      *response);
}

grpc::Status VswitchService::ListMacAddresses(grpc::ServerContext* context,
                                              const v1::ListMacAddressesRequest* request,
                                              grpc::ServerWriter<v1::MacAddressEntry>* writer) {
  const auto table = gate_.look(
      context->deadline(), from_proto(request->vswitch()),
      [](const Commands& commands, const VswitchName& which) { return commands.mac_table(which); });
  if (!table) return to_grpc(table.error(), *context);
  for (const MacEntry& entry : *table) {
    v1::MacAddressEntry message;
    to_proto(entry, message);
    if (!writer->Write(message)) return grpc::Status::CANCELLED;  // the client has gone
  }
  return grpc::Status::OK;
}

}  // namespace hpvmnet
