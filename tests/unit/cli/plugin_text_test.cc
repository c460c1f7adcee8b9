#include "cli/plugin_text.h"

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;

constexpr const char* kPlugins = R"(
    plugins { file: '/p/tap.so' state: STATE_LOADED name: 'tap' version: '0.1.0' api_version: 3
              adaptors: 'tap' }
    plugins { file: '/p/two.so' state: STATE_LOADED name: 'two' version: '7' api_version: 3
              adaptors: 'x' adaptors: 'y' filters: 'z' }
    plugins { file: '/p/zero.so' state: STATE_REFUSED refusal: 'it is no plugin' })";

TEST(PluginText, SaysWhatEachProvidesAndWhyOthersWereRefused) {
  EXPECT_EQ(plugins_text(message<v1::ListPluginsResponse>(kPlugins)),
            R"(Name         Version  API State    Adaptors   Filters    File
============ ======== === ======== ========== ========== ==========
tap          0.1.0      3 Loaded   tap        -          /p/tap.so
two          7          3 Loaded   x,y        z          /p/two.so
-            -          - Refused  -          -          /p/zero.so

[Refused]
/p/zero.so: it is no plugin
)");
}

TEST(PluginList, PrintsWhatTheDaemonSaid) {
  FakeDaemon daemon;
  const auto plugins = message<v1::ListPluginsResponse>(kPlugins);
  EXPECT_CALL(daemon.daemon, ListPlugins).Times(2).WillRepeatedly(answer(plugins));
  EXPECT_EQ(daemon.run("hpvmnet", {"plugin", "list"}).out, plugins_text(plugins));
  const Outcome json = daemon.run("hpvmnet", {"plugin", "list", "--json"});
  EXPECT_EQ(json.status, 0);
  EXPECT_THAT(json.out, HasSubstr(R"("refusal": "it is no plugin")"));
  EXPECT_THAT(json.out, HasSubstr(R"("state": "STATE_REFUSED")"));
}

}  // namespace
}  // namespace hpvmnet::cli
