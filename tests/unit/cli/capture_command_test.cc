#include <gmock/gmock.h>

#include "cli/frame_filter.h"
#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string>;

class CaptureCommand : public testing::Test {
 protected:
  CaptureCommand() {
    EXPECT_CALL(daemon_.vswitches, GetVswitch)
        .WillRepeatedly(
            answer(message<v1::Vswitch>("name: 'prod' ports { number: 3 reserved_by: 'web1' }")));
  }
  // Answers with two batches, then waits for the client to go.
  void expect_capture(const std::string& request) {
    EXPECT_CALL(daemon_.packets, Capture(_, Says(request), _))
        .WillOnce([](grpc::ServerContext*, const auto*, auto* writer) {
          const auto batch = message<v1::CaptureBatch>(
              "frames { port: 3 length: 4 data: 'abcd' } frames { port: 9 length: 4 data: 'efgh' "
              "outbound: true came_in_by: 3 dropped { reason: 'no_buffer' description: 'full' } } "
              "losses { port: 3 frames: 7 }");
          while (writer->Write(batch)) continue;
          return grpc::Status::CANCELLED;
        });
  }

  FakeDaemon daemon_;
};

TEST_F(CaptureCommand, WritesFramesWithTheNamesOfPortsAndTheReasonsOfDrops) {
  expect_capture("vswitch { name: 'prod' } ingress: true");
  const Outcome outcome = daemon_.run("hpvmnet", {"capture", "-S", "prod", "--count", "2"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* text : {"prod/3 (web1)", "prod/9", "abcd", "efgh",
                           "dropped: no_buffer (full), came in by port 3"}) {
    EXPECT_THAT(outcome.out, HasSubstr(text));
  }
  EXPECT_THAT(outcome.err, HasSubstr("2 frames captured, 7 more lost"));
}

TEST_F(CaptureCommand, AsksForWhatTheOptionsSay) {
  expect_capture("vswitch { name: 'prod' } egress: true drops: true port: 512 snaplen: 96");
  const Outcome outcome = daemon_.run("hpvmnet", {"capture", "-S", "prod", "--egress", "--drops",
                                                  "-p", "512", "--snaplen", "96", "--count", "1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST_F(CaptureCommand, ExplainsWhatItCannotRead) {
  for (const auto& [words, text] : std::vector<std::pair<Words, const char*>>{
           {{}, "-S"},
           {{"-S", "prod", "-p", "513"}, "-p '513'"},
           {{"-S", "prod", "--snaplen", "0"}, "--snaplen"},
           {{"-S", "prod", "host", "nowhere", "port"}, "filter 'host nowhere port'"}}) {
    Words all{"capture"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = daemon_.run("hpvmnet", all);
    EXPECT_EQ(outcome.status, 2) << text;
    EXPECT_THAT(outcome.err, HasSubstr(text));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(FrameFilter, IsCompiledForEthernet) {
  EXPECT_EQ(compile_filter("")->size(), 0);
  const auto program = compile_filter("arp");
  ASSERT_TRUE(program && program->size() > 0);
  EXPECT_EQ(program->Get(0).operand(), 12);  // it looks at the type of the frame
}

}  // namespace
}  // namespace hpvmnet::cli
