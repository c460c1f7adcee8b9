#include "process/service_manager.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"

namespace hpvmnet {
namespace {

// What a service manager is for the process: a socket, and variables that name it.
class ServiceManagerTest : public testing::Test {
 protected:
  ServiceManagerTest() {
    char name[] = "/tmp/notify-XXXXXX";
    directory_ = ::mkdtemp(name);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = directory_ / "socket";
    std::memcpy(address.sun_path, path.c_str(), path.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~ServiceManagerTest() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
    std::filesystem::remove_all(directory_);
  }

  std::string heard() {
    char text[200];
    const auto size = ::recv(socket_.get(), text, sizeof text, MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(size));
  }

  std::filesystem::path directory_;
  const Fd socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ServiceManager manager_;
};

TEST_F(ServiceManagerTest, HearsOfEachState) {
  manager_.ready("serves /run/hpvmnet");
  EXPECT_EQ(heard(), "READY=1\nSTATUS=serves /run/hpvmnet");
  manager_.describe("2 vswitches");
  EXPECT_EQ(heard(), "STATUS=2 vswitches");
  manager_.alive();
  EXPECT_EQ(heard(), "WATCHDOG=1");
  manager_.stopping();
  EXPECT_EQ(heard(), "STOPPING=1\nSTATUS=stopping");
}

TEST_F(ServiceManagerTest, NobodyThereIsNoFault) {
  ::unsetenv("NOTIFY_SOCKET");
  manager_.ready("x");
  EXPECT_EQ(heard(), "nothing");
}

TEST_F(ServiceManagerTest, ItsPatienceIsForThisProcessOnly) {
  EXPECT_FALSE(ServiceManager::patience());
  ::setenv("WATCHDOG_USEC", "3000000", 1);
  EXPECT_EQ(ServiceManager::patience(), std::chrono::seconds(3));
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(ServiceManager::patience(), std::chrono::seconds(3));
  ::setenv("WATCHDOG_PID", std::to_string(::getppid()).c_str(), 1);
  EXPECT_FALSE(ServiceManager::patience());
}

}  // namespace
}  // namespace hpvmnet
