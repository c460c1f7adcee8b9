#pragma once

#include <map>
#include <string>
#include <utility>

namespace hpvmnet {

/// What a client wants to see.
struct HttpRequest {
  std::string path;                          ///< from the first slash, without %-codes
  std::map<std::string, std::string> query;  ///< what stands behind the question mark
};

struct HttpReply {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

/// A refusal with a line for people.
inline HttpReply http_refusal(unsigned status, std::string why) {
  return {.status = status, .body = std::move(why) + '\n'};
}

}  // namespace hpvmnet
