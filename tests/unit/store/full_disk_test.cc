#include <csignal>

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/store/store_fixture.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// full_model() with many more guests, which need many more pages.
Model big_model() {
  ModelBuilder builder;
  builder.model = full_model();
  for (int guest = 0; guest < 2000; ++guest) {
    builder.guest("guest-with-a-name-of-some-length-" + std::to_string(guest), {});
  }
  return builder.model;
}

class FullDiskTest : public StoreFixture {};

TEST_F(FullDiskTest, AFailedWriteLosesNothing) {
  prepare(full_model());
  const auto store = must_open();
  const Model big = big_model();

  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  rlimit tight = unlimited;
  tight.rlim_cur = 48 * 1024;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  const Status status = store->save(full_model(), big);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  std::signal(SIGXFSZ, previous);

  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().text, HasSubstr(file().native()));
  EXPECT_EQ(store->load().value(), full_model());
  EXPECT_TRUE(store->save(full_model(), big));
  EXPECT_EQ(store->load().value(), big);
}

/// Mounts a small file system that only this process and its children see.
bool mount_small(const fs::path& where) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", where.c_str(), "tmpfs", 0, "size=512k") == 0;
}

void fill(const fs::path& file) {
  std::ofstream out(file, std::ios::binary);
  const std::string block(4096, 'x');
  while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) continue;
}

class SmallDiskTest : public FullDiskTest {
 protected:
  static constexpr int kCannotMount = 77;

  /// Runs `body` in a process of its own with the state directory on a file system of 512 KB.
  template <class Body>
  void on_small_disk(Body body) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      if (!mount_small(scratch_.path())) ::_exit(kCannotMount);
      body();
      ::_exit(HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    if (WEXITSTATUS(status) == kCannotMount) GTEST_SKIP() << "may not mount a file system";
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
};

TEST_F(SmallDiskTest, AChangeThatFindsTheDiskFullIsRefusedAndNothingIsLost) {
  on_small_disk([&] {
    prepare(full_model());
    auto store = must_open();
    ASSERT_TRUE(store->load());
    fill(scratch_.path() / "ballast");
    const Status status = store->save(full_model(), big_model());
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::resource_exhausted) << status.error().text;
    EXPECT_EQ(status.error().text, "cannot write to " + file().native() +
                                       ": the disk is full; free some space and try again");
    EXPECT_EQ(store->load().value(), full_model());
    store.reset();
    store = must_open();
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(store->load().value(), full_model());
    fs::remove(scratch_.path() / "ballast");
    const Status freed = store->save(full_model(), initial_model());
    EXPECT_TRUE(freed) << freed.error().text;
    store.reset();
    EXPECT_EQ(reload(), initial_model());
  });
}

TEST_F(SmallDiskTest, AFirstStartThatFindsTheDiskFullLeavesNothingHalfMade) {
  on_small_disk([&] {
    fs::create_directory(directory());
    overwrite(directory() / "hpvmnet.db.lock", "");
    fill(scratch_.path() / "ballast");
    ASSERT_FALSE(open());
    EXPECT_FALSE(fs::exists(file()));
    EXPECT_FALSE(fs::exists(directory() / "hpvmnet.db.new"));
    fs::remove(scratch_.path() / "ballast");
    EXPECT_EQ(reload(), initial_model());
  });
}

}  // namespace
}  // namespace hpvmnet
