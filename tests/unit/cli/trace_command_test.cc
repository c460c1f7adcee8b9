#include <gmock/gmock.h>

#include "cli/made_frame.h"
#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string>;

std::string hexadecimal(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

FrameHeader header() {
  return {*Mac::parse("02-00-00-00-00-01"), *Mac::parse("02-00-00-00-00-02"), 10};
}

// Sums that are right make the whole zero; these were computed by hand from RFC 1071.
TEST(MadeFrame, IsASegmentWithItsTagAndSums) {
  const auto frame = make_frame(FrameKind::tcp, "--tcp", "10.0.0.1:1024,10.0.0.2:80", header());
  ASSERT_TRUE(frame);
  const std::string text = hexadecimal(*frame);
  EXPECT_EQ(text.substr(0, 40),
            "020000000002"
            "020000000001"
            "8100000a"
            "0800"
            "4500");
  EXPECT_EQ(text.substr(40, 36),
            "0028"
            "00000000"
            "4006"
            "66ce"
            "0a000001"
            "0a000002");
}

TEST(MadeFrame, KnowsBothVersionsOfIp) {
  const auto frame = make_frame(FrameKind::udp, "--udp", "[fd00::1]:5,[fd00::2]:6", header());
  ASSERT_TRUE(frame);
  EXPECT_THAT(hexadecimal(*frame), HasSubstr("86dd"
                                             "60000000"
                                             "0008"
                                             "1140"));
}

TEST(MadeFrame, IsRefusedWhereItsAddressesAreNone) {
  for (const char* text : {"", "10.0.0.1", "10.0.0.1,10.0.0.2", "10.0.0.1:1,10.0.0.2:65536",
                           "10.0.0.1:1,[::1]:2", "a:1,b:2"}) {
    EXPECT_FALSE(make_frame(FrameKind::tcp, "--tcp", text, header())) << text;
  }
  EXPECT_FALSE(make_frame(FrameKind::arp, "--arp", "::1,::2", header()));
}

TEST(ReadFrame, TakesPairsOfDigits) {
  EXPECT_EQ(read_frame("00:fF 1a").value(), std::string("\0\xff\x1a", 3));
  for (const char* text : {"0", "0x", "012", "zz"}) EXPECT_FALSE(read_frame(text)) << text;
}

class TraceCommand : public testing::Test {
 protected:
  Outcome trace(Words words) {
    words.insert(words.begin(), {"trace", "-S", "prod", "--from", "1"});
    return daemon_.run("hpvmnet", words);
  }
  void expect_trace(const std::string& response) {
    EXPECT_CALL(daemon_.packets, Trace).WillOnce(answer(message<v1::TraceResponse>(response)));
  }
  FakeDaemon daemon_;
};

TEST_F(TraceCommand, SaysWhatEachStageSaysAndHowItEnds) {
  expect_trace(
      "steps { stage: 'parse' text: 'read' } receivers { port: 3 guest: 'web1' change: 'with a "
      "tag' }");
  EXPECT_EQ(trace({"ff"}).out, "parse           read\ndelivered to port 3 (web1) with a tag\n");
  expect_trace("flooded: true receivers { port: 3 } receivers { port: 4 }");
  EXPECT_EQ(trace({"ff"}).out, "flooded to port 3, port 4\n");
  expect_trace("dropped { description: 'no tag' } because: 'it is so'");
  EXPECT_EQ(trace({"ff"}).out, "dropped: no tag, because it is so\n");
}

TEST_F(TraceCommand, TakesTheSourceFromTheVnicOnThePort) {
  EXPECT_CALL(daemon_.guests, ListGuests)
      .WillOnce(
          answer(message<v1::ListGuestsResponse>("guests { name: 'g' vnics { vswitch: 'prod' port: "
                                                 "1 mac_address: '02-00-00-00-00-09' } }")));
  EXPECT_CALL(daemon_.packets, Trace).WillOnce([](auto*, const v1::TraceRequest* request, auto*) {
    EXPECT_EQ(hexadecimal(request->frame()).substr(0, 28), "ffffffffffff0200000000090806");
    return grpc::Status::OK;
  });
  EXPECT_EQ(trace({"--arp", "10.0.0.1,10.0.0.2"}).status, 0);
}

TEST_F(TraceCommand, TakesTheDestinationFromTheVnicOnAPort) {
  EXPECT_CALL(daemon_.guests, ListGuests)
      .Times(2)  // once for each command, though the source comes from there, too
      .WillRepeatedly(answer(message<v1::ListGuestsResponse>(
          "guests { name: 'g' vnics { vswitch: 'prod' port: 1 mac_address: '02-00-00-00-00-09' } "
          "         vnics { vswitch: 'other' port: 2 mac_address: '02-00-00-00-00-0b' } "
          "         vnics { vswitch: 'prod' port: 2 mac_address: '02-00-00-00-00-0a' } }")));
  EXPECT_CALL(daemon_.packets, Trace).WillOnce([](auto*, const v1::TraceRequest* request, auto*) {
    EXPECT_EQ(hexadecimal(request->frame()).substr(0, 28), "02000000000a0200000000090800");
    return grpc::Status::OK;
  });
  EXPECT_EQ(trace({"--to", "2", "--icmp", "10.0.0.1,10.0.0.2"}).status, 0);
  EXPECT_THAT(trace({"--to", "3", "--icmp", "10.0.0.1,10.0.0.2"}).err, HasSubstr("say --dst MAC"));
}

TEST_F(TraceCommand, ExplainsWhatIsMissing) {
  for (const auto& [words, text] : std::vector<std::pair<Words, const char*>>{
           {{}, "which frame"},
           {{"ff", "--arp", "10.0.0.1,10.0.0.2"}, "which frame"},
           {{"--tcp", "10.0.0.1:1,10.0.0.2:2"}, "--to PORT, or --dst"},
           {{"--tcp", "10.0.0.1:1,10.0.0.2:2", "--to", "512"}, "0 to 511"},
           {{"--tcp", "10.0.0.1:1,10.0.0.2:2", "--to", "2", "--dst", "x"}, "both"},
           {{"ff", "--to", "3"}, "leave out"},
           {{"ff", "--vlan", "3"}, "leave out"},
           {{"fff"}, "hexadecimal"}}) {
    const Outcome outcome = trace(words);
    EXPECT_EQ(outcome.status, 2) << text;
    EXPECT_THAT(outcome.err, HasSubstr(text));
  }
}

}  // namespace
}  // namespace hpvmnet::cli
