#include "plugin/host/plugin_host.h"

#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <stdlib.h>

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
