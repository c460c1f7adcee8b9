#include "rpc/configuration_service.h"

#include "rpc/asked.h"
#include "rpc/convert_configuration.h"
#include "rpc/errors.h"

namespace hpvmnet {

grpc::Status ConfigurationService::GetConfiguration(grpc::ServerContext* context,
                                                    const v1::GetConfigurationRequest*,
                                                    v1::Configuration* response) {
  const auto all = gate_.look(context->deadline(), [](const Commands& commands) {
    return Result<Configuration>(commands.configuration());
  });
  return respond(*context, all, *response);
}

grpc::Status ConfigurationService::ApplyConfiguration(grpc::ServerContext* context,
                                                      const v1::ApplyConfigurationRequest* request,
                                                      v1::ApplyConfigurationResponse* response) {
  const auto arguments = from_proto(*request);
  const auto outcome =
      request->dry_run()
          ? gate_.look(context->deadline(), arguments,
                       [](const Commands& commands, const ApplyArguments& to) {
                         return commands.plan_configuration(to.configuration, to.force);
                       })
          : gate_.change(asked(*context, *request), arguments,
                         [](Commands& commands, const ApplyArguments& to) {
                           return commands.apply_configuration(to.configuration, to.force);
                         });
  return respond(*context, outcome, *response);
}

}  // namespace hpvmnet
