#include "plugin/host/plugin_host.h"

#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include "plugin/plugin.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ErrorLines : public Log {
 public:
  void write(LogLevel level, std::string_view line) override {
    if (level == LogLevel::error) lines_.emplace_back(line);
  }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

class PluginHostTest : public testing::Test {
 protected:
  PluginHostTest() {
    char name[] = "/tmp/plugins-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  ~PluginHostTest() override { fs::remove_all(directory_); }

  // Puts a module there under a name that says when its turn comes.
  void put(const std::string& module, const std::string& as) {
    fs::copy_file(fs::path(TEST_MODULES) / (module + ".so"), directory_ / as);
  }

  std::vector<std::string> adaptors() const {
    std::vector<std::string> names;
    for (const Adaptor* adaptor : host_.adaptors()) names.emplace_back(adaptor->name());
    return names;
  }

  // Expects one module to be left out for this reason, and the sound one beside it to be there.
  void expect_left_out(const std::string& module, const std::string& reason) {
    put(module, "0.so");
    put("blue", "1.so");
    EXPECT_TRUE(host_.load(directory_));
    EXPECT_THAT(log_.lines(), ElementsAre(AllOf(HasSubstr((directory_ / "0.so").native()),
                                                HasSubstr("left out"), HasSubstr(reason))));
    EXPECT_THAT(adaptors(), ElementsAre("navy"));
  }

  fs::path directory_;
  ErrorLines log_;
  PluginHost host_{log_};
};

TEST_F(PluginHostTest, FindsWhatEveryPluginProvides) {
  put("red", "a.so");
  put("blue", "b.so");
  ASSERT_TRUE(host_.load(directory_));
  EXPECT_THAT(adaptors(), ElementsAre("crimson", "scarlet", "navy"));
  ASSERT_NE(host_.find("scarlet"), nullptr);
  EXPECT_EQ(host_.find("scarlet")->name(), "scarlet");
  EXPECT_EQ(host_.find("scarl"), nullptr);
  EXPECT_THAT(log_.lines(), IsEmpty());
}

TEST_F(PluginHostTest, OtherFilesAreNoneOfItsBusiness) {
  std::ofstream(directory_ / "README") << "text";
  std::ofstream(directory_ / "red.so.bak") << "text";
  EXPECT_TRUE(host_.load(directory_));
  EXPECT_THAT(log_.lines(), IsEmpty());
}

TEST_F(PluginHostTest, ADirectoryThatIsNotThereIsAnError) {
  const Status loaded = host_.load(directory_ / "none");
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().text,
              AllOf(HasSubstr((directory_ / "none").native()), HasSubstr("--plugin-dir")));
}

// Its function that provides would end this process.
TEST_F(PluginHostTest, AnotherVersionIsLeftOutBeforeItProvidesAnything) {
  expect_left_out("other_version",
                  "version " + std::to_string(kPluginApiVersion + 1) + " of the plugin interface");
}

TEST_F(PluginHostTest, OtherHeadersAreLeftOutBeforeAnythingElseIsRead) {
  expect_left_out("other_layout", "other headers or another C++ library");
}

TEST_F(PluginHostTest, AModuleThatDescribesNothingIsLeftOut) {
  expect_left_out("no_description", "does not describe itself");
}

TEST_F(PluginHostTest, ADescriptionWithoutItsPartsIsLeftOut) {
  expect_left_out("no_name", "lacks a name");
}

TEST_F(PluginHostTest, ADescriptionThatProvidesNothingIsLeftOut) {
  expect_left_out("no_provide", "a function that provides");
}

TEST_F(PluginHostTest, WhatAPluginThrowsIsLoggedAndGoesNoFurther) {
  put("throws", "0.so");
  put("throws_nothing_known", "1.so");
  put("throws_at_once", "2.so");
  put("blue", "3.so");
  EXPECT_TRUE(host_.load(directory_));
  EXPECT_THAT(log_.lines(),
              ElementsAre(HasSubstr("its provide() threw an exception: not today"),
                          HasSubstr("its provide() threw an exception"),
                          HasSubstr("its hpvmnet_plugin() threw an exception: too early")));
  EXPECT_THAT(adaptors(), ElementsAre("navy"));
}

TEST_F(PluginHostTest, NamesThatNoSettingCouldHaveAreLeftOut) {
  put("bad_adaptor_name", "0.so");
  put("bad_filter_name", "1.so");
  EXPECT_TRUE(host_.load(directory_));
  EXPECT_THAT(log_.lines(),
              ElementsAre(HasSubstr("\"Upper Case\" cannot be the name of its adaptor"),
                          HasSubstr("\"none\" cannot be the name of its filter")));
}

TEST_F(PluginHostTest, FiltersAreFoundByName) {
  put("filters", "0.so");
  put("same_filter", "1.so");
  EXPECT_TRUE(host_.load(directory_));
  ASSERT_NE(host_.find_filter("mesh"), nullptr);
  EXPECT_EQ(host_.find_filter("mesh")->name(), "mesh");
  EXPECT_EQ(host_.find_filter("navy"), nullptr) << "that is an adaptor";
  EXPECT_THAT(log_.lines(),
              ElementsAre(AllOf(HasSubstr("filter \"mesh\""), HasSubstr("taken by"))));
  EXPECT_EQ(host_.find("pink"), nullptr);
}

TEST_F(PluginHostTest, TellsWhatHasBecomeOfEachFile) {
  put("filters", "0.so");
  put("other_version", "1.so");
  put("no_plugin", "2.so");
  EXPECT_TRUE(host_.load(directory_));
  const std::vector<PluginStatus>& all = host_.statuses();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].file, (directory_ / "0.so").native());
  EXPECT_EQ(all[0].name, "filters");
  EXPECT_EQ(all[0].version, "1.0");
  EXPECT_EQ(all[0].api_version, kPluginApiVersion);
  EXPECT_THAT(all[0].adaptors, ElementsAre("navy"));
  EXPECT_THAT(all[0].filters, ElementsAre("sieve", "mesh"));
  EXPECT_EQ(all[0].refusal, "");
  EXPECT_EQ(all[1].api_version, kPluginApiVersion + 1);
  EXPECT_EQ(all[1].name, "") << "that part may look different in another version";
  EXPECT_THAT(all[1].refusal, HasSubstr("version"));
  EXPECT_EQ(all[2].api_version, 0u);
}

// What others may write to would be theirs to run as root.
TEST_F(PluginHostTest, RootLoadsNothingThatOthersCanChange) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  put("red", "0.so");
  put("filters", "1.so");
  put("blue", "2.so");
  fs::permissions(directory_ / "0.so", static_cast<fs::perms>(0757));
  ASSERT_EQ(::chown((directory_ / "1.so").c_str(), 12345, 0), 0);
  EXPECT_TRUE(host_.load(directory_));
  EXPECT_THAT(log_.lines(), ElementsAre(HasSubstr("its file can be written to by others"),
                                        HasSubstr("its file belongs to user 12345")));
  EXPECT_THAT(adaptors(), ElementsAre("navy"));
}

TEST_F(PluginHostTest, RootLoadsNothingFromADirectoryThatOthersCanChange) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  put("red", "0.so");
  fs::permissions(directory_, static_cast<fs::perms>(0777));
  EXPECT_TRUE(host_.load(directory_));
  EXPECT_THAT(log_.lines(), ElementsAre(HasSubstr("its directory can be written to by others")));
  EXPECT_THAT(adaptors(), IsEmpty());
}

TEST_F(PluginHostTest, AModuleWithoutTheEntryPointIsLeftOut) {
  expect_left_out("no_plugin", "hpvmnet_plugin()");
}

TEST_F(PluginHostTest, APluginWithoutANameIsLeftOut) {
  expect_left_out("nameless", "lacks a name");
}

TEST_F(PluginHostTest, AModuleThatMissesASymbolIsLeftOutAtOnce) {
  expect_left_out("unresolved", "this_function_is_nowhere");
}

TEST_F(PluginHostTest, AnAdaptorAnnouncedTwiceByOnePluginIsLeftOut) {
  expect_left_out("own_twin", "adaptor \"one\"");
}

TEST_F(PluginHostTest, AFileThatIsNoModuleIsLeftOut) {
  std::ofstream(directory_ / "0.so") << "no ELF file, and longer than the header of one would be";
  std::ofstream(directory_ / "1.so");
  fs::create_symlink(directory_ / "nowhere", directory_ / "2.so");
  fs::create_directory(directory_ / "3.so");
  put("blue", "4.so");
  EXPECT_TRUE(host_.load(directory_));
  for (const char* name : {"0.so", "1.so", "2.so", "3.so"}) {
    EXPECT_THAT(log_.lines(), Contains(HasSubstr((directory_ / name).native())));
  }
  EXPECT_THAT(adaptors(), ElementsAre("navy"));
}

TEST_F(PluginHostTest, AModuleThatWasCutOffIsLeftOut) {
  constexpr std::uintmax_t kHeadersOnly = 4096;
  put("red", "0.so");
  fs::resize_file(directory_ / "0.so", kHeadersOnly);
  put("blue", "1.so");
  EXPECT_TRUE(host_.load(directory_));
  EXPECT_THAT(log_.lines(), ElementsAre(AllOf(HasSubstr((directory_ / "0.so").native()),
                                              HasSubstr("cut off after 4096 bytes"))));
  EXPECT_THAT(adaptors(), ElementsAre("navy"));
}

TEST_F(PluginHostTest, TheSecondPluginOfANameIsLeftOut) {
  put("red", "0.so");
  put("same_plugin", "1.so");
  EXPECT_TRUE(host_.load(directory_));
  EXPECT_THAT(
      log_.lines(),
      ElementsAre(AllOf(HasSubstr((directory_ / "1.so").native()), HasSubstr("plugin \"red\""),
                        HasSubstr("taken by " + (directory_ / "0.so").native()))));
  EXPECT_EQ(host_.find("pink"), nullptr);
}

TEST_F(PluginHostTest, APluginThatTakesAnAdaptorsNameIsLeftOutAsAWhole) {
  put("red", "0.so");
  put("same_adaptor", "1.so");
  EXPECT_TRUE(host_.load(directory_));
  EXPECT_THAT(log_.lines(),
              ElementsAre(AllOf(HasSubstr("adaptor \"scarlet\""),
                                HasSubstr("taken by " + (directory_ / "0.so").native()))));
  EXPECT_EQ(host_.find("pink"), nullptr);
  EXPECT_THAT(adaptors(), ElementsAre("crimson", "scarlet"));
}

}  // namespace
}  // namespace hpvmnet
