#include "rpc/guest_service.h"

#include <string>
#include <vector>

#include "rpc/asked.h"
#include "rpc/convert.h"
#include "rpc/errors.h"

namespace hpvmnet {

grpc::Status GuestService::ListGuests(grpc::ServerContext* context, const v1::ListGuestsRequest*,
                                      v1::ListGuestsResponse* response) {
  const auto all = gate_.look(context->deadline(), [](const Commands& commands) {
    return Result<std::vector<GuestStatus>>(commands.guests());
  });
  return respond(*context, all, *response);
}

grpc::Status GuestService::GetGuest(grpc::ServerContext* context,
                                    const v1::GetGuestRequest* request, v1::Guest* response) {
  const auto found = gate_.look(
      context->deadline(), from_proto(*request),
      [](const Commands& commands, const std::string& name) { return commands.guest(name); });
  return respond(*context, found, *response);
}

grpc::Status GuestService::CreateGuest(grpc::ServerContext* context,
                                       const v1::CreateGuestRequest* request, v1::Guest* response) {
  const auto created = gate_.change(asked(*context, *request), from_proto(*request),
                                    [](Commands& commands, const CreateGuestArguments& guest) {
                                      return commands.create_guest(guest.name, guest.vnics);
                                    });
  return respond(*context, created, *response);
}

grpc::Status GuestService::CloneGuest(grpc::ServerContext* context,
                                      const v1::CloneGuestRequest* request, v1::Guest* response) {
  const auto cloned =
      gate_.change(asked(*context, *request), from_proto(*request),
                   [](Commands& commands, const CloneGuestArguments& guest) {
                     return commands.clone_guest(guest.source, guest.name, guest.change);
                   });
  return respond(*context, cloned, *response);
}

grpc::Status GuestService::ModifyGuest(grpc::ServerContext* context,
                                       const v1::ModifyGuestRequest* request, v1::Guest* response) {
  const auto modified =
      gate_.change(asked(*context, *request), from_proto(*request),
                   [](Commands& commands, const ModifyGuestArguments& guest) {
                     return commands.modify_guest(guest.name, guest.change, guest.manner);
                   });
  return respond(*context, modified, *response);
}

grpc::Status GuestService::RemoveGuest(grpc::ServerContext* context,
                                       const v1::RemoveGuestRequest* request,
                                       v1::RemoveGuestResponse*) {
  const Status removed = gate_.change(asked(*context, *request), from_proto(*request),
                                      [](Commands& commands, const RemoveGuestArguments& guest) {
                                        return commands.remove_guest(guest.name, guest.force);
                                      });
  return respond(*context, removed);
}

grpc::Status GuestService::DescribeAttachment(grpc::ServerContext* context,
                                              const v1::DescribeAttachmentRequest* request,
                                              v1::DescribeAttachmentResponse* response) {
  const auto attachment = gate_.look(context->deadline(), from_proto(*request),
                                     [](const Commands& commands, const AttachmentArguments& of) {
                                       return commands.attachment(of.guest, of.attachment);
                                     });
  return respond(*context, attachment, *response);
}

}  // namespace hpvmnet
