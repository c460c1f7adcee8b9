#include "avio_lan/protocol/event_descriptor.h"

#include <array>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
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

// write() blocks on a full eventfd whose owner has cleared O_NONBLOCK. The completion of an
// asynchronous operation, here of one that is complete from the start, signals it from within the
// kernel, which never waits.
void signal_safely(int event) {
  const Fd readable(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
  aio_context_t context = 0;
  if (!readable || ::syscall(SYS_io_setup, 1, &context) != 0) return;
  iocb operation{};
  operation.aio_lio_opcode = IOCB_CMD_POLL;
  operation.aio_fildes = static_cast<std::uint32_t>(readable.get());
  operation.aio_buf = POLLIN;
  operation.aio_flags = IOCB_FLAG_RESFD;
  operation.aio_resfd = static_cast<std::uint32_t>(event);
  iocb* operations[] = {&operation};
  ::syscall(SYS_io_submit, context, 1, operations);
  ::syscall(SYS_io_destroy, context);
}

}  // namespace hpvmnet::avio_lan
