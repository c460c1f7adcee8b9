#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "cli/tls_files.h"
#include "support/pki.h"
#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    EXPECT_TRUE(test::run_pki(tls_, "init"));
    EXPECT_TRUE(test::run_pki(tls_, "client alice --role observer"));
  }

  std::string refusal() const {
    const auto files = load_tls_files(client_, {});
    EXPECT_FALSE(files);
    return files ? "" : files.error().text;
  }

  TemporaryDirectory directory_;
  fs::path tls_ = directory_.path() / "tls";
  fs::path client_ = tls_ / "clients/alice";
};

TEST_F(TlsTest, TheNamedDirectoryIsUsedOrElseTheFirstWithACertificate) {
  const fs::path none = directory_.path();
  EXPECT_EQ(load_tls_files(client_, {none}).value().directory, client_);
  EXPECT_EQ(load_tls_files(std::nullopt, {none, client_, tls_}).value().directory, client_);
  EXPECT_FALSE(load_tls_files(none, {client_}));
}

TEST_F(TlsTest, WithoutACertificateTheWayToOneIsTold) {
  const auto files = load_tls_files(std::nullopt, {"/none/here", "/nor/there"});
  EXPECT_THAT(files.error().text, AllOf(HasSubstr("/none/here or /nor/there"),
                                        HasSubstr("hpvmnet-pki client"), HasSubstr("--tls-dir")));
}

TEST_F(TlsTest, AKeyThatOthersMayReadIsRefused) {
  fs::permissions(client_ / "client.key", fs::perms::owner_read | fs::perms::group_read);
  EXPECT_THAT(refusal(), HasSubstr("chmod 600"));
}

TEST_F(TlsTest, FilesThatDoNotBelongTogetherAreRefused) {
  ASSERT_TRUE(test::run_pki(tls_, "client bob --role observer"));
  fs::copy_file(tls_ / "clients/bob/client.key", client_ / "client.key",
                fs::copy_options::overwrite_existing);
  EXPECT_THAT(refusal(), HasSubstr("client.key does not belong to client.crt"));
  std::ofstream(client_ / "client.crt") << "nonsense";
  EXPECT_THAT(refusal(), HasSubstr("client.crt holds no certificate"));
  fs::remove(client_ / "ca.crt");
  EXPECT_THAT(refusal(), HasSubstr("cannot read " + (client_ / "ca.crt").native()));
}

TEST_F(TlsTest, SaysWhatStandsInTheWay) {
  FakeDaemon daemon;
  const auto error = [&](const std::string& target) {
    return daemon.run("hpvmnet", {"--target", target, "--tls-dir", client_, "--timeout", "3"}).err;
  };
  EXPECT_THAT(error("127.0.0.1:1"), AllOf(HasSubstr("cannot reach hpvmnetd at 127.0.0.1:1"),
                                          HasSubstr("Connection refused")));
  EXPECT_THAT(error("nowhere.invalid:7443"), HasSubstr("name is not known"));
}

}  // namespace
}  // namespace hpvmnet::cli
