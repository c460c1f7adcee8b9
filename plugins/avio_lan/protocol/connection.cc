#include "avio_lan/protocol/connection.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>

namespace hpvmnet::avio_lan {
namespace {

tl::unexpected<Error> violation(std::string text) {
  return fail(ErrorCode::invalid_argument, std::move(text));
}

bool would_block(int number) { return number == EAGAIN || number == EWOULDBLOCK; }

}  // namespace

Connection::Connection(Fd socket) : socket_(std::move(socket)) {
  ::fcntl(socket_.get(), F_SETFL, ::fcntl(socket_.get(), F_GETFL) | O_NONBLOCK);
  descriptors_.reserve(kMaxDescriptors);
}

Result<Connection::Arrival> Connection::receive(Message& message) {
  for (;;) {
    const std::span<std::byte> part =
        in_payload_ ? std::span(payload_).first(header_.size)
                    : std::as_writable_bytes(std::span<MessageHeader, 1>(&header_, 1));
    const Result<Progress> progress = fill(part);
    if (!progress) return tl::unexpected(progress.error());
    if (*progress == Progress::pending) return Arrival::nothing;
    if (*progress == Progress::ended) {
      if (!in_payload_ && filled_ == 0) return Arrival::finished;
      return violation("it closed the connection in the middle of a message");
    }
    filled_ = 0;
    if (!in_payload_) {
      if (const Status good = check_header(header_); !good) return tl::unexpected(good.error());
    }
    in_payload_ = !in_payload_ && header_.size > 0;
    if (in_payload_) continue;
    const Status good = check_descriptor_count(Request{header_.request}, descriptors_.size());
    if (!good) return tl::unexpected(good.error());
    hand_over(message);
    return Arrival::message;
  }
}

void Connection::hand_over(Message& message) {
  message.request = Request{header_.request};
  message.needs_reply = (header_.flags & MessageHeader::kNeedReply) != 0;
  message.size = header_.size;
  std::memcpy(message.payload.data(), payload_.data(), header_.size);
  message.descriptors = std::exchange(descriptors_, {});
}

// Reads what is left of a header or payload. Never beyond its end, because the kernel hands the
// descriptors of a message over together with its bytes.
Result<Connection::Progress> Connection::fill(std::span<std::byte> whole) {
  while (filled_ < whole.size()) {
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(kMaxDescriptors * sizeof(int))> control;
    iovec rest{whole.data() + filled_, whole.size() - filled_};
    msghdr incoming{};
    incoming.msg_iov = &rest;
    incoming.msg_iovlen = 1;
    incoming.msg_control = control.data();
    incoming.msg_controllen = control.size();
    const ssize_t count = ::recvmsg(socket_.get(), &incoming, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (would_block(errno)) return Progress::pending;
      if (errno == ECONNRESET) return Progress::ended;
      return system_failure("its connection failed", errno);
    }
    if (const Status adopted = adopt(incoming); !adopted) return tl::unexpected(adopted.error());
    if (count == 0) return Progress::ended;
    filled_ += static_cast<std::size_t>(count);
  }
  return Progress::done;
}

Status Connection::adopt(const msghdr& incoming) {
  auto* const header = const_cast<msghdr*>(&incoming);  // what the macros of <sys/socket.h> expect
  for (cmsghdr* one = CMSG_FIRSTHDR(header); one != nullptr; one = CMSG_NXTHDR(header, one)) {
    if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (one->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(one) + i * sizeof(int), sizeof descriptor);
      descriptors_.emplace_back(descriptor);
    }
  }
  if ((incoming.msg_flags & MSG_CTRUNC) != 0) {
    return violation(
        "it sent more file descriptors than a message may have, or than this process may open");
  }
  if (descriptors_.size() > kMaxDescriptors) {
    return violation("it sent more file descriptors than a message may have");
  }
  return {};
}

Status Connection::reply(Request request, std::uint64_t payload) {
  struct {
    MessageHeader header;
    std::array<std::byte, sizeof payload> body;
  } answer{{static_cast<std::uint32_t>(request), MessageHeader::kVersion | MessageHeader::kReply,
            sizeof payload},
           {}};
  static_assert(sizeof answer == sizeof(MessageHeader) + sizeof payload);
  std::memcpy(answer.body.data(), &payload, sizeof payload);
  ssize_t sent = 0;
  do {
    sent = ::send(socket_.get(), &answer, sizeof answer, MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent == static_cast<ssize_t>(sizeof answer)) return {};
  if (sent >= 0 || would_block(errno))
    return violation("it does not read the answers to its questions");
  return system_failure(fmt::format("the answer to {} could not be sent", name_of(request)), errno);
}

bool Connection::hung_up() const {
  pollfd state{socket_.get(), POLLRDHUP, 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace hpvmnet::avio_lan
