#include "avio_lan/event/event_signaller.h"

#include <array>
#include <cstdint>

#include <linux/aio_abi.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hpvmnet::avio_lan {
namespace {

constexpr unsigned kOperations = 64;  // more than there are threads that signal at once

}  // namespace

void EventSignaller::prepare() noexcept {
  readable_.reset(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
  if (::syscall(SYS_io_setup, kOperations, &context_) != 0) context_ = 0;
}

EventSignaller::~EventSignaller() {
  if (context_ != 0) ::syscall(SYS_io_destroy, context_);
}

// The completion of an asynchronous operation signals an eventfd from within the kernel, which does
// not wait for it. The operation here, waiting until something readable can be read, is complete
// when io_submit() returns; its result is taken back, so that there is room for the next ones.
void EventSignaller::signal(int event) noexcept {
  std::call_once(prepared_, [this] { prepare(); });
  if (context_ == 0) return;
  iocb operation{};
  operation.aio_lio_opcode = IOCB_CMD_POLL;
  operation.aio_fildes = static_cast<std::uint32_t>(readable_.get());
  operation.aio_buf = POLLIN;
  operation.aio_flags = IOCB_FLAG_RESFD;
  operation.aio_resfd = static_cast<std::uint32_t>(event);
  iocb* operations[] = {&operation};
  ::syscall(SYS_io_submit, context_, 1, operations);
  std::array<io_event, kOperations> results;
  ::syscall(SYS_io_getevents, context_, 0, results.size(), results.data(), nullptr);
}

}  // namespace hpvmnet::avio_lan
