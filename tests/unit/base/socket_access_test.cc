#include "base/socket_access.h"

#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_directory.h"

namespace hpvmnet {
namespace {

class GrantAccess : public testing::Test {
 protected:
  GrantAccess() { std::ofstream{path_}; }
  struct stat status() const {
    struct stat found {};
    EXPECT_EQ(::stat(path_.c_str(), &found), 0);
    return found;
  }

  test::TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_.path() / "1.sock";
};

TEST_F(GrantAccess, SetsTheModeWhateverTheUmaskIs) {
  ASSERT_TRUE(grant_access(path_, {.owner = {}, .group = {}, .mode = 0666}));
  EXPECT_EQ(status().st_mode & 0777, 0666U);
  EXPECT_EQ(status().st_uid, ::geteuid());
}

TEST_F(GrantAccess, GivesTheFileAway) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_TRUE(grant_access(path_, {.owner = 64055, .group = 1234, .mode = 0600}));
  EXPECT_EQ(status().st_uid, 64055U);
  EXPECT_EQ(status().st_gid, 1234U);
  EXPECT_EQ(status().st_mode & 0777, 0600U);
  ASSERT_TRUE(grant_access(path_, {.owner = {}, .group = 0, .mode = 0600}));
  EXPECT_EQ(status().st_uid, 64055U) << "stays as it is";
}

TEST_F(GrantAccess, SaysWhatItCouldNotDo) {
  const Status status = grant_access(directory_.path() / "none", {});
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().text, testing::HasSubstr("/none"));
}

}  // namespace
}  // namespace hpvmnet
