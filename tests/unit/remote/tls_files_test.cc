#include "remote/tls_files.h"

#include <fstream>
#include <vector>

#include <gmock/gmock.h>

#include "support/pki.h"
#include "support/temporary_directory.h"

namespace hpvmnet {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class TlsFilesTest : public testing::Test {
 protected:
  TlsFilesTest() {
    EXPECT_TRUE(test::run_pki(path_, "init"));
    EXPECT_TRUE(test::run_pki(path_, "server host"));
  }
  std::string refusal() const {
    const auto files = load_tls_files(path_);
    EXPECT_FALSE(files);
    return files ? "" : files.error().text;
  }
  void write(const char* name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
  }

  test::TemporaryDirectory directory_;
  fs::path path_ = directory_.path() / "tls";
};

TEST_F(TlsFilesTest, WhatThePkiMakesIsGood) {
  ASSERT_TRUE(test::run_pki(path_, "client alice --role administrator"));
  const auto files = load_tls_files(path_);
  ASSERT_TRUE(files) << files.error().text;
  EXPECT_EQ(files->roles.of(std::vector<std::string>{"CN=alice"}), Access::administer);
  EXPECT_THAT(files->key, HasSubstr("PRIVATE KEY"));
}

TEST_F(TlsFilesTest, EachFileIsNeeded) {
  for (const char* name : {"roles", "server.key", "server.crt", "ca.crt"}) {
    fs::remove(path_ / name);
    EXPECT_THAT(refusal(), AllOf(HasSubstr((path_ / name).native() + " is missing"),
                                 HasSubstr("hpvmnet-pki")));
  }
}

TEST_F(TlsFilesTest, TheKeyIsForNobodyElse) {
  for (const fs::perms others : {fs::perms::group_read, fs::perms::others_read}) {
    fs::permissions(path_ / "server.key", fs::perms::owner_read | others);
    EXPECT_THAT(refusal(), AllOf(HasSubstr("server.key"), HasSubstr("chmod 600")));
  }
}

TEST_F(TlsFilesTest, WhatEverybodyMayChangeIsNotTrusted) {
  fs::permissions(path_ / "roles", fs::perms::owner_all | fs::perms::others_write);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("roles"), HasSubstr("chmod o-w")));
}

TEST_F(TlsFilesTest, TheKeyBelongsToTheCertificate) {
  const auto before = load_tls_files(path_);
  ASSERT_TRUE(test::run_pki(path_, "server host --renew"));
  write("server.key", before->key);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("server.key"), HasSubstr("does not belong")));
}

TEST_F(TlsFilesTest, NonsenseIsRefused) {
  write("roles", "nobody CN=x\n");
  EXPECT_THAT(refusal(), HasSubstr("roles:1"));
  write("server.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  EXPECT_THAT(refusal(), HasSubstr("server.key holds no private key"));
  write("server.crt", "");
  EXPECT_THAT(refusal(), HasSubstr("server.crt holds no certificate"));
  fs::remove(path_ / "ca.crt");
  fs::create_directory(path_ / "ca.crt");
  EXPECT_THAT(refusal(), HasSubstr("ca.crt is no file"));
}

}  // namespace
}  // namespace hpvmnet
