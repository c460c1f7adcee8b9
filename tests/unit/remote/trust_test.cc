#include "remote/trust.h"

#include <fstream>
#include <iterator>
#include <vector>

#include <gmock/gmock.h>

#include "control/loop.h"
#include "support/collecting_log.h"
#include "support/pki.h"
#include "support/temporary_directory.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string text_of(const fs::path& file) {
  std::ifstream opened(file);
  return {std::istreambuf_iterator<char>(opened), {}};
}

class TrustTest : public testing::Test {
 protected:
  TrustTest() {
    EXPECT_TRUE(test::run_pki(path_, "init"));
    EXPECT_TRUE(test::run_pki(path_, "server host"));
    EXPECT_TRUE(test::run_pki(path_, "client alice --role observer"));
    trust_ = Trust::open(path_, loop_, log_).value();
  }

  std::optional<Access> access(const char* name) const {
    return trust_->access_of(std::vector<std::string>{name});
  }

  // Runs the loop until it has happened.
  void await(const std::function<bool()>& happened) {
    const auto looking = loop_.every(5ms, [&] {
      if (happened()) loop_.stop();
    });
    const auto giving_up = loop_.after(10s, [&] { loop_.stop(); });
    loop_.run();
    EXPECT_TRUE(happened());
  }

  test::TemporaryDirectory directory_;
  fs::path path_ = directory_.path() / "tls";
  test::CollectingLog log_;
  Loop loop_;
  std::unique_ptr<Trust> trust_;
};

TEST_F(TrustTest, ItsPathsHoldWhatTheDirectoryHolds) {
  EXPECT_EQ(text_of(trust_->paths().authorities), text_of(path_ / "ca.crt"));
  EXPECT_EQ(text_of(trust_->paths().certificate), text_of(path_ / "server.crt"));
  EXPECT_EQ(text_of(trust_->paths().key), text_of(path_ / "server.key"));
  EXPECT_EQ(access("CN=alice"), Access::look);
}

TEST_F(TrustTest, ChangesAreTakenUpByThemselves) {
  ASSERT_TRUE(test::run_pki(path_, "server host --renew"));
  ASSERT_TRUE(test::run_pki(path_, "client bob --role administrator"));
  await([&] { return access("CN=bob") == Access::administer; });
  EXPECT_EQ(text_of(trust_->paths().certificate), text_of(path_ / "server.crt"));
  EXPECT_EQ(text_of(trust_->paths().key), text_of(path_ / "server.key"));
}

TEST_F(TrustTest, AMistakeChangesNothingAndIsTold) {
  const std::string certificate = text_of(path_ / "server.crt");
  std::ofstream(path_ / "roles") << "nonsense\n";
  std::ofstream(path_ / "server.crt") << "nonsense\n";
  await([&] { return log_.contains("stay as they were"); });
  EXPECT_EQ(access("CN=alice"), Access::look);
  EXPECT_EQ(text_of(trust_->paths().certificate), certificate);
}

TEST_F(TrustTest, ADirectoryThatTakesThePlaceIsFollowed) {
  const fs::path other = directory_.path() / "other";
  fs::copy(path_, other);
  std::ofstream(other / "roles") << "administrator CN=carol\n";
  fs::rename(path_, directory_.path() / "old");
  fs::rename(other, path_);
  await([&] { return access("CN=carol") == Access::administer; });
  EXPECT_EQ(access("CN=alice"), std::nullopt);
}

TEST_F(TrustTest, ReloadsAtOnceWhereItIsTold) {
  std::ofstream(path_ / "roles") << "administrator CN=alice\n";
  trust_->reload();
  EXPECT_EQ(access("CN=alice"), Access::administer);
}

}  // namespace
}  // namespace hpvmnet
