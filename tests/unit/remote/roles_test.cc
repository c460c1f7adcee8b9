#include "remote/roles.h"

#include <vector>

#include <gmock/gmock.h>

namespace hpvmnet {
namespace {

using testing::HasSubstr;

std::optional<Access> access(const std::string& text, std::vector<std::string> names) {
  return Roles::parse(text, "roles").value().of(names);
}

std::string refusal(const std::string& text) {
  const auto parsed = Roles::parse(text, "roles");
  EXPECT_FALSE(parsed);
  return parsed ? "" : parsed.error().text;
}

TEST(Roles, EachKindOfNameMayHaveARole) {
  for (const char* name : {"CN=alice", "DNS:host.example.org", "URI:spiffe://x/y", "IP:192.0.2.1",
                           "EMAIL:a@example.org", "SUBJECT:CN=alice,O=Example"}) {
    EXPECT_EQ(access(std::string("administrator ") + name, {name}), Access::administer) << name;
  }
}

TEST(Roles, CommentsBlanksAndLineEndsOfOthersDoNotMatter) {
  const std::string text = "# who may do what\r\n\n \t observer \t CN=Bob the Builder \r\n";
  EXPECT_EQ(access(text, {"CN=Bob the Builder"}), Access::look);
}

TEST(Roles, WhoIsNotNamedHasNone) {
  EXPECT_EQ(access("", {"CN=alice"}), std::nullopt);
  const std::string text = "administrator CN=alice\n";
  for (const char* other : {"CN=alic", "CN=alice2", "CN=Alice", "DNS:alice", "SUBJECT:CN=alice"}) {
    EXPECT_EQ(access(text, {other}), std::nullopt) << other;
  }
  EXPECT_EQ(access(text, {}), std::nullopt);
}

TEST(Roles, TheMostOfSeveralNamesCounts) {
  const std::string text = "observer CN=alice\nadministrator DNS:host\n";
  EXPECT_EQ(access(text, {"CN=alice", "DNS:host"}), Access::administer);
  EXPECT_EQ(access(text, {"DNS:host", "CN=alice"}), Access::administer);
  EXPECT_EQ(access(text, {"CN=alice", "DNS:other"}), Access::look);
}

TEST(Roles, MistakesAreToldWithTheirLine) {
  EXPECT_THAT(refusal("# good\nroot CN=alice\n"), HasSubstr("roles:2: \"root\" is no role"));
  EXPECT_THAT(refusal("observer alice"), HasSubstr("roles:1: \"alice\" is no name"));
  EXPECT_THAT(refusal("observer"), HasSubstr("roles:1: \"\" is no name"));
  EXPECT_THAT(refusal("observer CN="), HasSubstr("\"CN=\" is no name"));
  EXPECT_THAT(refusal("observer CN=a\n\nadministrator CN=a\n"), HasSubstr("roles:3: CN=a has a"));
}

}  // namespace
}  // namespace hpvmnet
