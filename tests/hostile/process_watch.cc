#include "hostile/process_watch.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace hpvmnet::test {

Holdings holdings_of(pid_t process) {
  const std::filesystem::path directory = fmt::format("/proc/{}", process);
  Holdings holdings;
  std::error_code error;
  const std::filesystem::directory_iterator descriptors(directory / "fd", error);
  if (error) throw std::runtime_error(fmt::format("process {} is gone", process));
  holdings.descriptors =
      static_cast<std::size_t>(std::distance(begin(descriptors), end(descriptors)));
  std::string line;
  for (std::ifstream maps(directory / "maps"); std::getline(maps, line);) ++holdings.mappings;
  for (std::ifstream status(directory / "status"); std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) holdings.private_kilobytes = std::stoull(line.substr(8));
  }
  return holdings;
}

std::string descriptors_of(pid_t process) {
  std::string text;
  std::error_code error;
  for (const auto& each :
       std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", process), error)) {
    const auto target = std::filesystem::read_symlink(each.path(), error);
    text += fmt::format("{} {}\n", each.path().filename().string(), target.string());
  }
  return text;
}

}  // namespace hpvmnet::test
