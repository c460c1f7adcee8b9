#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;

class MirrorCommand : public testing::Test {
 protected:
  // The mirror that such a command asks for, without its program.
  std::string asked_for(const std::vector<std::string>& words) {
    std::string text;
    EXPECT_CALL(daemon_.vswitches, SetVswitchMirror)
        .WillOnce(
            [&](grpc::ServerContext*, const v1::SetVswitchMirrorRequest* request, v1::Vswitch*) {
              v1::Mirror mirror = request->mirror();
              programs_.push_back(mirror.program_size());
              mirror.clear_program();
              text = request->vswitch().name() + ": " + mirror.ShortDebugString();
              return grpc::Status::OK;
            });
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return text;
  }

  Outcome run(std::vector<std::string> words) {
    words.insert(words.begin(), "mirror");
    return daemon_.run("hpvmnet", words);
  }

  FakeDaemon daemon_;
  std::vector<int> programs_;
};

TEST_F(MirrorCommand, OfAllPortsEachFrameIsCopiedOnce) {
  EXPECT_EQ(asked_for({"set", "prod", "--to", "7"}), "prod: port: 7 ingress: true");
  EXPECT_EQ(asked_for({"set", "prod", "--to", "7", "--from", "all", "--egress"}),
            "prod: port: 7 egress: true");
  EXPECT_EQ(programs_, (std::vector<int>{0, 0}));
}

TEST_F(MirrorCommand, OfSomePortsBothDirectionsAreMeant) {
  EXPECT_EQ(asked_for({"set", "prod", "--to", "7", "--from", "1,uplink"}),
            "prod: port: 7 sources: 1 sources: 512 ingress: true egress: true");
  EXPECT_EQ(asked_for({"set", "prod", "--to", "7", "--from", "1", "--ingress"}),
            "prod: port: 7 sources: 1 ingress: true");
}

TEST_F(MirrorCommand, TheFilterIsCompiledAndKeptForPeople) {
  EXPECT_EQ(asked_for({"set", "prod", "--to", "7", "tcp", "port", "80"}),
            "prod: port: 7 ingress: true filter: \"tcp port 80\"");
  EXPECT_GT(programs_.at(0), 3);
}

TEST_F(MirrorCommand, IsCleared) { EXPECT_EQ(asked_for({"clear", "prod"}), "prod: "); }

TEST_F(MirrorCommand, SaysWhatIsWrong) {
  const auto refusal = [&](const std::vector<std::string>& words) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 2);
    return outcome.err;
  };
  EXPECT_THAT(refusal({"set", "prod"}), HasSubstr("which port gets the copies? Name it with --to"));
  EXPECT_THAT(refusal({"set", "prod", "--to", "512"}), HasSubstr("'512' is not a port; 0 to 511"));
  EXPECT_THAT(refusal({"set", "prod", "--to", "7", "--from", "1,x"}),
              HasSubstr("--from 1,x: column 3: 'x' is no port; 0 to 511, or uplink"));
  EXPECT_THAT(refusal({"set", "prod", "--to", "7", "--from", ""}),
              HasSubstr("--from names no port"));
  EXPECT_THAT(refusal({"set", "prod", "--to", "7", "prot", "80"}), HasSubstr("prot"));
}

TEST_F(MirrorCommand, ShowsARowForEach) {
  v1::ListVswitchesResponse all =
      message<v1::ListVswitchesResponse>("vswitches { name: 'lab' } vswitches { name: 'prod' }");
  EXPECT_CALL(daemon_.vswitches, ListVswitches).WillOnce(answer(all));
  EXPECT_CALL(daemon_.vswitches, GetVswitch)
      .WillOnce(answer(message<v1::Vswitch>("name: 'lab'")))
      .WillOnce(answer(message<v1::Vswitch>(
          "name: 'prod' mirror { port: 7 sources: [1, 512] ingress: true egress: true "
          "filter: 'tcp port 80' }")));
  EXPECT_EQ(run({"show"}).out,
            "VSWITCH  TO  FROM      DIRECTION  FILTER\n"
            "prod      7  1,uplink  both       tcp port 80\n");
}

TEST_F(MirrorCommand, IsShownWithItsVswitch) {
  EXPECT_CALL(daemon_.vswitches, GetVswitch)
      .WillRepeatedly(
          answer(message<v1::Vswitch>("name: 'prod' mirror { port: 7 ingress: true }")));
  EXPECT_THAT(daemon_.run("hpvmnet", {"-V", "-S", "prod"}).out,
              HasSubstr("Mirror               : port 7 gets copies of all (ingress)\n"));
}

}  // namespace
}  // namespace hpvmnet::cli
