#include "web/static_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "web/embedded_files.h"

namespace hpvmnet {
namespace {

// Of Debian's package libjs-chart.js.
constexpr const char* kChartFile = "/usr/share/javascript/chart.js/chart.min.js";

const char* type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  return "image/svg+xml";
}

HttpReply chart_library() {
  std::ifstream file(kChartFile, std::ios::binary);
  if (!file) return http_refusal(404, "libjs-chart.js is not installed on this host");
  return {.type = type_of(kChartFile),
          .body = std::string(std::istreambuf_iterator<char>(file), {})};
}

}  // namespace

std::optional<HttpReply> static_file(std::string_view path) {
  if (path == "/chart.js") return chart_library();
  const std::string_view name = path == "/" ? "index.html" : path.substr(1);
  const auto found = std::ranges::find(kEmbeddedFiles, name, &EmbeddedFile::name);
  if (found == kEmbeddedFiles.end()) return std::nullopt;
  return HttpReply{.type = type_of(name), .body = std::string(found->content)};
}

}  // namespace hpvmnet
