#include "unit/cli/fake_daemon.h"

#include <chrono>
#include <sstream>

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include "cli/program.h"

namespace hpvmnet::cli {

FakeDaemon::FakeDaemon() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + (run_directory() / "control.sock").native(),
                           grpc::InsecureServerCredentials());
  builder.RegisterService(&configuration);
  builder.RegisterService(&daemon);
  builder.RegisterService(&guests);
  builder.RegisterService(&packets);
  builder.RegisterService(&vswitches);
  builder.RegisterService(&watches);
  server_ = builder.BuildAndStart();
  if (!server_) std::abort();
}

FakeDaemon::~FakeDaemon() { server_->Shutdown(std::chrono::system_clock::now()); }

Outcome run_command(const std::filesystem::path& run_directory, const std::string& program,
                    const std::vector<std::string>& arguments, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Terminal terminal(program, in, out, err, /*typed=*/false);
  const int status = run_program({.program = program,
                                  .arguments = arguments,
                                  .target = std::nullopt,
                                  .run_directory = run_directory},
                                 terminal);
  return {status, out.str(), err.str()};
}

std::string refusal(const std::string& program, const std::vector<std::string>& arguments) {
  const Outcome outcome = run_command("/no/such/directory", program, arguments);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  return outcome.err;
}

}  // namespace hpvmnet::cli
