#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/resource.h"
#include "cli/result.h"
#include "cli/terminal.h"
#include "hpvmnet/v1/guest.pb.h"

namespace hpvmnet::cli {

/// The options that change vNICs of a guest: -a, -m and -d, as often as one likes.
class GuestChanges {
 public:
  void add_to(CommandLine& line);

  bool empty() const { return add_.empty() && modify_.empty() && remove_.empty(); }

  /// Puts them into a request of ModifyGuest or CloneGuest.
  template <class Request>
  Status put(Request& request) const {
    return read(remove_, ResourceUse::find, *request.mutable_remove())
        .and_then([&] { return read(modify_, ResourceUse::find, *request.mutable_modify()); })
        .and_then([&] { return read(add_, ResourceUse::add, *request.mutable_add()); });
  }

 private:
  using Vnics = google::protobuf::RepeatedPtrField<v1::VnicRequest>;
  static Status read(const std::vector<std::string>& texts, ResourceUse use, Vnics& vnics);

  std::vector<std::string> add_;
  std::vector<std::string> modify_;
  std::vector<std::string> remove_;
};

/// Tells what the daemon wants the user to know of a change that was made.
void warn_of(const v1::Guest& changed, Terminal& terminal);

}  // namespace hpvmnet::cli
