#include "avio_lan/event/event_descriptor.h"

#include <array>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace hpvmnet::avio_lan {

Status check_eventfd(const Fd& descriptor) {
  std::array<char, 64> text;
  const std::string link = fmt::format("/proc/self/fd/{}", descriptor.get());
  const ssize_t length = ::readlink(link.c_str(), text.data(), text.size());
  if (length < 0) return system_failure("its file descriptor cannot be examined", errno);
  const std::string_view target(text.data(), static_cast<std::size_t>(length));
  if (target == "anon_inode:[eventfd]") return {};
  return fail(ErrorCode::invalid_argument, "its file descriptor is not an eventfd");
}

void make_non_blocking(const Fd& event) {
  ::fcntl(event.get(), F_SETFL, ::fcntl(event.get(), F_GETFL) | O_NONBLOCK);
}

}  // namespace hpvmnet::avio_lan
