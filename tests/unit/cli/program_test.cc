#include "cli/program.h"

#include <ostream>
#include <sstream>

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;

TEST(Program, KnowsItsNamesOnly) {
  const Outcome outcome = run_command("/no/such", "vparstatus", {});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err,
            "vparstatus: ERROR: 'vparstatus' is no name of this program; its names are hpvmnet "
            "hpvmclone hpvmcreate hpvmmodify hpvmremove hpvmstatus.\n");
}

/// A full disk.
class Full : public std::streambuf {
 private:
  int overflow(int) override { return traits_type::eof(); }
};

TEST(Program, FailsWhereItsOutputIsLost) {
  Full full;
  std::istringstream in;
  std::ostream out(&full);
  std::ostringstream err;
  Terminal terminal("hpvmnet", in, out, err, false);
  EXPECT_EQ(run_program({"hpvmnet", {"--version"}, std::nullopt, "/no/such"}, terminal), 1);
  EXPECT_THAT(err.str(), HasSubstr("cannot write to standard output"));
}

}  // namespace
}  // namespace hpvmnet::cli
