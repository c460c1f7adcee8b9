#include "uplink/packet_wire.h"

#include <cerrno>
#include <climits>
#include <cstring>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include "frame/tally.h"
#include "uplink/from_switch.h"

namespace hpvmnet::uplink {
namespace {

constexpr std::size_t kHeader = sizeof(Offload);  // virtio_net_hdr without the number of buffers
constexpr int kBufferSize = 4 << 20;

template <class Value>
bool set(const Fd& socket, int option, const Value& value) {
  return ::setsockopt(socket.get(), SOL_PACKET, option, &value, sizeof value) == 0;
}

// Only frames for other stations: the host's own are its kernel's, and those for groups come by the
// host's side, whichever way they went.
bool filter_others(const Fd& socket) {
  std::array<sock_filter, 4> program{{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, static_cast<unsigned>(SKF_AD_OFF + SKF_AD_PKTTYPE)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OTHERHOST, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
      BPF_STMT(BPF_RET | BPF_K, 0),
  }};
  const sock_fprog code{static_cast<unsigned short>(program.size()), program.data()};
  return ::setsockopt(socket.get(), SOL_SOCKET, SO_ATTACH_FILTER, &code, sizeof code) == 0;
}

void enlarge_buffers(const Fd& socket) {
  for (const int option : {SO_RCVBUFFORCE, SO_SNDBUFFORCE}) {  // without the right to: as it is
    ::setsockopt(socket.get(), SOL_SOCKET, option, &kBufferSize, sizeof kBufferSize);
  }
}

// Sent as the host's own frames are, so that the kernel cuts segments and completes checksums where
// the interface does not; past its queueing discipline (PACKET_QDISC_BYPASS) it would drop such
// frames. The mark is how from_host() knows them.
bool mark(const Fd& socket) {
  const unsigned value = kFromSwitch;
  return ::setsockopt(socket.get(), SOL_SOCKET, SO_MARK, &value, sizeof value) == 0;
}

// Frames as messages: a virtio_net_hdr, the head and the parts each. Large and never initialised:
// meant for the stack of one call.
struct Messages {
  Messages() noexcept {}  // NOLINT(modernize-use-equals-default)

  // Adds frames from the front while they fit, and returns how many.
  std::size_t add(std::span<const Frame* const> frames) noexcept {
    std::size_t used = 0;
    std::size_t count = 0;
    const auto piece = [&](const std::byte* data, std::size_t length) {
      pieces[used++] = {const_cast<std::byte*>(data), length};  // the kernel only reads it
    };
    for (const Frame* frame : frames.first(std::min(frames.size(), messages.size()))) {
      if (frame->part_count + 2 > pieces.size() - used) break;
      iovec* const first = &pieces[used];
      piece(reinterpret_cast<const std::byte*>(&frame->offload), kHeader);
      piece(frame->head.data(), frame->head_length);
      for (const Part& part : frame->rest()) piece(part.data, part.length);
      messages[count] = {};
      messages[count].msg_hdr.msg_iov = first;
      messages[count++].msg_hdr.msg_iovlen = 2 + frame->part_count;
    }
    return count;
  }

  std::array<mmsghdr, Burst::kCapacity> messages;
  std::array<iovec, IOV_MAX> pieces;
};

Drop reason_of(int error) noexcept {
  switch (error) {
    case EMSGSIZE:
      return Drop::mtu;
    case EAGAIN:
    case ENOBUFS:
    case ENOMEM:
      return Drop::no_buffer;
    default:
      return Drop::link_down;
  }
}

}  // namespace

Result<std::unique_ptr<Wire>> PacketWire::open(int index, std::uint32_t mtu) {
  Fd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return system_failure("cannot make a packet socket", errno);
  const bool prepared = filter_others(socket) && set(socket, PACKET_VNET_HDR, 1) &&
                        set(socket, PACKET_IGNORE_OUTGOING, 1) && mark(socket);
  if (!prepared) return system_failure("cannot prepare a packet socket", errno);
  enlarge_buffers(socket);
  auto arrived = PacketRing::make(socket, mtu);
  if (!arrived) return tl::unexpected(arrived.error());
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = index;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return system_failure("cannot bind a packet socket to the interface", errno);
  }
  return host::WakeSet::make(socket.get()).map([&](host::WakeSet wake_set) {
    return std::unique_ptr<Wire>(
        new PacketWire(std::move(socket), std::move(wake_set), *std::move(arrived)));
  });
}

PacketWire::PacketWire(Fd socket, host::WakeSet wake_set, std::unique_ptr<PacketRing> arrived)
    : socket_(std::move(socket)),
      wake_set_(std::move(wake_set)),
      wakes_{wake_set_.descriptor()},
      arrived_(std::move(arrived)) {}

OffloadSet PacketWire::offloads() const noexcept {
  return offload::checksum | offload::tcp4 | offload::tcp6 | offload::ecn;
}

void PacketWire::receive(QueueId /*queue*/, Burst& burst, Tally& tally) noexcept {
  wake_set_.disarm();
  arrived_->receive(burst, tally);
}

// A frame that the kernel refuses is dropped, and those behind it are sent.
void PacketWire::send(std::span<const Frame* const> frames, Tally& tally) noexcept {
  Messages batch;
  std::uint64_t bytes = 0;
  std::size_t sent = 0;
  while (!frames.empty()) {
    const std::size_t count = batch.add(frames);
    const int taken = count == 0 ? -1
                                 : ::sendmmsg(socket_.get(), batch.messages.data(),
                                              static_cast<unsigned>(count), MSG_DONTWAIT);
    if (taken <= 0) {
      tally.drop(count == 0 ? Drop::scattered : reason_of(errno));
      frames = frames.subspan(1);
      continue;
    }
    const auto done = static_cast<std::size_t>(taken);
    for (const Frame* frame : frames.first(done)) bytes += frame->length;
    sent += done;
    frames = frames.subspan(done);
  }
  if (sent == 0) return;
  tally.egress_frames.add(sent);
  tally.egress_bytes.add(bytes);
  tally.egress_bursts.add(1);
}

Wait PacketWire::park(QueueId /*queue*/) noexcept {
  if (arrived_->waiting()) return Wait::nothing;
  // An error, such as that the interface is down, would wake for ever: it is for the control thread
  // to see.
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  return wake_set_.arm_for_sleep() ? Wait::input : Wait::nothing;
}

}  // namespace hpvmnet::uplink
