#include "control/configuration.h"

#include <gmock/gmock.h>

#include "cli/yaml/export.h"
#include "cli/yaml/import.h"
#include "rpc/convert_configuration.h"
#include "unit/control/random_models.h"

namespace hpvmnet {
namespace {

// The whole way: model, contract, file, contract, model.
TEST(ConfigurationRoundTrip, AnExportAppliedAgainIsNoChange) {
  RandomModels walk(7);
  for (int step = 0; step < 1000; ++step) {
    static_cast<void>(walk.step());
    v1::Configuration message;
    to_proto(configuration_of(walk.model()), message);
    v1::ApplyConfigurationRequest request;
    const std::string text = cli::export_yaml(message);
    auto read = cli::import_yaml(text, "file", true);
    ASSERT_TRUE(read) << read.error().text << '\n' << text;
    *request.mutable_configuration() = *std::move(read);
    const auto arguments = from_proto(request);
    ASSERT_TRUE(arguments) << arguments.error().text;
    Model model = walk.model();
    ASSERT_TRUE(apply_configuration(model, arguments->configuration, edit_context()));
    ASSERT_EQ(model, walk.model()) << text;
  }
}

TEST(ConfigurationConvert, ErrorsBeginWithTheirSource) {
  v1::ApplyConfigurationRequest request;
  auto& guest = *request.mutable_configuration()->add_guests();
  guest.set_source("f:1:2");
  guest.add_vnics()->set_mac_address("x");
  const auto arguments = from_proto(request);
  ASSERT_FALSE(arguments);
  EXPECT_THAT(arguments.error().text, testing::StartsWith("f:1:2: 'x' is not a MAC address"));
}

}  // namespace
}  // namespace hpvmnet
