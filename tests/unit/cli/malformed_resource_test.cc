#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "cli/resource.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// One part of a resource string: what may stand there, and what may not.
struct Part {
  std::string before;  ///< its separator
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

const std::vector<Part>& parts() {
  static const std::vector<Part> kParts{
      {"", {"network"}, {"", "Network", "net", "networks", " network", "disk", "hba", "lan"}},
      {":", {"lan", "avio_lan", "aviolan", "tap"}, {"", "la n", "lan!", "l\xc3\xa4n", "a,b", "*"}},
      {":", {"", "0", "7"}, {"8", "-1", "+1", "a", "0x1", "1 ", " 1", "4294967296", "1.0", "\t"}},
      {",", {"", "0", "7"}, {"8", "-0", "b", "7a", "99999999999999999999", "/"}},
      {",",
       {"", "0xaabbcc001122", "aa-bb-cc-00-11-22", "0XAABBCC001122"},
       {"0", "0xaabbcc00112", "0xaabbcc0011223", "aa-bb-cc-00-11", "aabbcc001122",
        "gg-bb-cc-00-11-22", "aa.bb.cc.00.11.22", "-------------"}},
      {":", {"vswitch"}, {"", "Vswitch", "vswitches", "switch", "hwpath", "vswitch "}},
      {":", {"clan1", "a", "x.y_z-1"}, {"", " ", "a b", "cl\xc3\xa4n", "a\tb", "\x7f"}},
      {":", {"portid"}, {"", "port", "portId", "PORTID", "vlanid"}},
      {":", {"0", "1", "511"}, {"", "512", "-1", "1e2", "0x1", "one", "4294967297"}}};
  return kParts;
}

class Generator {
 public:
  /// A string whose part number `wrong` is the first bad one, and its column.
  std::pair<std::string, std::size_t> with_wrong(std::size_t wrong) {
    std::string text;
    std::size_t column = 0;
    for (std::size_t i = 0; i < parts().size(); ++i) {
      const Part& part = parts()[i];
      text += part.before;
      if (i == wrong) column = text.size() + 1;
      const bool bad = i == wrong || (i > wrong && below(2) == 0);
      const auto& from = bad ? part.bad : part.good;
      text += from[below(from.size())];
    }
    return {text, column};
  }

  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
  }

 private:
  std::mt19937 random_{1};
};

TEST(MalformedResource, GeneratedOnesAreRefusedWhereTheyAreWrong) {
  constexpr int kCount = 2000;
  Generator generator;
  for (int i = 0; i < kCount; ++i) {
    const auto [text, column] = generator.with_wrong(generator.below(parts().size()));
    const auto vnic = parse_resource(text, ResourceUse::add);
    ASSERT_FALSE(vnic) << text;
    EXPECT_EQ(vnic.error().kind, Error::Kind::usage);
    const auto place = vnic.error().text.find(fmt::format(": column {}: ", column));
    EXPECT_NE(place, std::string::npos) << text << "\n" << vnic.error().text << "\n" << column;
  }
}

TEST(MalformedResource, EveryPrefixIsRefusedOrComplete) {
  const std::string whole = "network:lan:0,1,0xaabbcc001122:vswitch:clan1:portid:42";
  const std::size_t complete = whole.find(":clan1") + 2;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string text = whole.substr(0, length);
    const bool inside_name = length >= complete && length <= whole.find(":portid");
    const bool inside_port = length > whole.rfind(':') + 1;
    EXPECT_EQ(parse_resource(text, ResourceUse::add).has_value(), inside_name || inside_port)
        << text;
  }
}

TEST(MalformedResource, SomethingBehindTheEndIsRefused) {
  const std::string whole = "network:lan:0,1,0xaabbcc001122:vswitch:clan1:portid:42";
  for (const char* more : {":", ":x", ":portid:42", ",", " ", "x", ":vswitch:clan2"}) {
    EXPECT_FALSE(parse_resource(whole + more, ResourceUse::add)) << more;
  }
}

TEST(MalformedResource, EndpointsArePrintable) {
  for (const char* endpoint : {"/\t", "/\x7f", "/\xc3\xa4"}) {
    const auto vnic = parse_resource(fmt::format("network:lan::vswitch:x:connect:{}", endpoint),
                                     ResourceUse::add);
    ASSERT_FALSE(vnic);
    EXPECT_THAT(vnic.error().text, HasSubstr(": column 32: '/?"));
    EXPECT_THAT(vnic.error().text, HasSubstr("' cannot follow 'connect'"));
  }
}

TEST(MalformedResource, ErrorsAreOneLineOfPlainText) {
  const auto vnic = parse_resource("network:lan\n\x1b[31m::vswitch:x", ResourceUse::add);
  ASSERT_FALSE(vnic);
  EXPECT_THAT(vnic.error().text, StartsWith("network:lan??[31m::vswitch:x: column 9: "));
  EXPECT_EQ(vnic.error().text.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace hpvmnet::cli
