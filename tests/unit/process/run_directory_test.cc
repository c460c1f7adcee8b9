#include "process/run_directory.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RunDirectoryTest : public testing::Test {
 protected:
  RunDirectoryTest() {
    char name[] = "/tmp/run-XXXXXX";
    scratch_ = ::mkdtemp(name);
    path_ = scratch_ / "run";
  }
  ~RunDirectoryTest() override { fs::remove_all(scratch_); }

  fs::path scratch_;
  fs::path path_;
};

void make_socket(const fs::path& path) {
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.native().size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

mode_t mode(const fs::path& path) {
  struct stat found {};
  EXPECT_EQ(::stat(path.c_str(), &found), 0);
  return found.st_mode & 07777;
}

fs::path add_vswitch(const RunDirectory& claimed) {
  const fs::path directory = claimed.vswitches() / "blue";
  fs::create_directory(directory);
  return directory;
}

// A daemon that has claimed the directory and made sockets in it; lives until killed.
pid_t start_daemon(const fs::path& path) {
  int ready[2];
  if (::pipe(ready) != 0) return -1;
  const pid_t pid = ::fork();
  if (pid == 0) {
    auto claimed = RunDirectory::claim(path);
    if (!claimed) ::_exit(1);
    make_socket(path / "control.sock");
    make_socket(add_vswitch(*claimed) / "3.sock");
    [[maybe_unused]] const auto written = ::write(ready[1], "x", 1);
    for (;;) ::pause();
  }
  ::close(ready[1]);
  char byte = 0;
  const bool started = ::read(ready[0], &byte, 1) == 1;
  ::close(ready[0]);
  return started ? pid : -1;
}

void kill_daemon(pid_t pid) {
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

TEST_F(RunDirectoryTest, IsMadeForAllToEnterWhateverTheUmask) {
  const mode_t before = ::umask(0077);
  const auto claimed = RunDirectory::claim(path_ / "deep");
  ASSERT_TRUE(claimed);
  ::umask(before);
  EXPECT_EQ(mode(path_), 0755U);
  EXPECT_EQ(mode(path_ / "deep"), 0755U);
  EXPECT_EQ(claimed->vswitches(), path_ / "deep/vswitch");
  EXPECT_EQ(mode(claimed->vswitches()), 0755U);
}

TEST_F(RunDirectoryTest, TheLockHoldsTheProcessId) {
  const auto claimed = RunDirectory::claim(path_);
  ASSERT_TRUE(claimed);
  std::ifstream lock(path_ / "hpvmnetd.lock");
  pid_t pid = 0;
  lock >> pid;
  EXPECT_EQ(pid, ::getpid());
}

TEST_F(RunDirectoryTest, TheEndRemovesAllThatWasMade) {
  {
    const auto claimed = RunDirectory::claim(path_ / "deep");
    ASSERT_TRUE(claimed);
    make_socket(path_ / "deep/control.sock");
    make_socket(add_vswitch(*claimed) / "3.sock");
  }
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_TRUE(fs::exists(scratch_));
}

TEST_F(RunDirectoryTest, TheEndLeavesADirectoryThatWasThereAndFilesThatAreNoSockets) {
  fs::create_directories(path_ / "vswitch/blue");
  std::ofstream(path_ / "vswitch/blue/notes") << "mine";
  std::ofstream(path_ / "notes") << "mine";
  fs::create_symlink(scratch_, path_ / "vswitch/link");
  make_socket(scratch_ / "other.sock");
  { ASSERT_TRUE(RunDirectory::claim(path_)); }
  EXPECT_TRUE(fs::exists(path_ / "notes"));
  EXPECT_TRUE(fs::exists(path_ / "vswitch/blue/notes"));
  EXPECT_TRUE(fs::exists(scratch_ / "other.sock"));
  EXPECT_FALSE(fs::exists(path_ / "hpvmnetd.lock"));
}

TEST_F(RunDirectoryTest, ALiveDaemonIsNamedAndLeftAlone) {
  const pid_t daemon = start_daemon(path_);
  ASSERT_GT(daemon, 0);
  const auto claimed = RunDirectory::claim(path_);
  EXPECT_TRUE(fs::exists(path_ / "vswitch/blue/3.sock"));
  kill_daemon(daemon);
  ASSERT_FALSE(claimed);
  EXPECT_EQ(claimed.error().code, ErrorCode::failed_precondition);
  EXPECT_THAT(claimed.error().text, HasSubstr(path_.native()));
  EXPECT_THAT(claimed.error().text, HasSubstr(fmt::format("process {})", daemon)));
  EXPECT_THAT(claimed.error().text, HasSubstr("--run-dir"));
}

TEST_F(RunDirectoryTest, WhatAKilledDaemonLeftIsClearedAway) {
  const pid_t daemon = start_daemon(path_);
  ASSERT_GT(daemon, 0);
  kill_daemon(daemon);
  ASSERT_TRUE(fs::exists(path_ / "vswitch/blue/3.sock"));
  const auto claimed = RunDirectory::claim(path_);
  ASSERT_TRUE(claimed) << claimed.error().text;
  EXPECT_FALSE(fs::exists(path_ / "control.sock"));
  EXPECT_FALSE(fs::exists(path_ / "vswitch/blue"));
}

TEST_F(RunDirectoryTest, AHypervisorsSocketStays) {
  const pid_t daemon = start_daemon(path_);
  ASSERT_GT(daemon, 0);
  make_socket(path_ / "vswitch/blue/3.qemu");
  kill_daemon(daemon);
  {
    ASSERT_TRUE(RunDirectory::claim(path_));
    EXPECT_FALSE(fs::exists(path_ / "vswitch/blue/3.sock"));
    EXPECT_TRUE(fs::exists(path_ / "vswitch/blue/3.qemu"));
  }
  EXPECT_TRUE(fs::exists(path_ / "vswitch/blue/3.qemu"));
}

TEST_F(RunDirectoryTest, ASecondClaimInOneProcessIsRefused) {
  const auto first = RunDirectory::claim(path_);
  ASSERT_TRUE(first);
  EXPECT_FALSE(RunDirectory::claim(path_));
}

TEST_F(RunDirectoryTest, ALockThatWasLeftIsNoLock) {
  fs::create_directory(path_);
  std::ofstream(path_ / "hpvmnetd.lock") << "1\n";
  EXPECT_TRUE(RunDirectory::claim(path_));
}

// "/vswitch/" + 32 + "/511.dgram" leave 56 of 107 bytes.
TEST_F(RunDirectoryTest, ANameThatLeavesNoRoomForSocketsIsRefusedAtOnce) {
  const auto of_length = [this](std::size_t length) {
    return scratch_ / std::string(length - scratch_.native().size() - 1, 'x');
  };
  EXPECT_TRUE(RunDirectory::claim(of_length(56)));
  const auto claimed = RunDirectory::claim(of_length(57));
  ASSERT_FALSE(claimed);
  EXPECT_THAT(claimed.error().text, HasSubstr("57 bytes"));
  EXPECT_THAT(claimed.error().text, HasSubstr("room for 56"));
  EXPECT_FALSE(fs::exists(of_length(57)));
}

TEST_F(RunDirectoryTest, AFileInItsPlaceIsRefusedAndKept) {
  std::ofstream(path_) << "mine";
  const auto claimed = RunDirectory::claim(path_);
  ASSERT_FALSE(claimed);
  EXPECT_THAT(claimed.error().text, HasSubstr(path_.native()));
  EXPECT_TRUE(fs::is_regular_file(path_));
}

}  // namespace
}  // namespace hpvmnet
