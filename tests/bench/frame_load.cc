// frame_load send PORT [BYTES [STATIONS]], frame_load receive PORT: one end of a load on a switch.
// frame_load relay TAP TAP: frames from each of two taps to the other one, as a hypervisor passes
// them between its tap and its guest. PORT is how it is joined:
//
//   packet:INTERFACE   packet socket on an interface, past its queueing discipline
//   tap:INTERFACE      a tap device that exists; a system call a frame, as every hypervisor does
//   avio:SOCKET        an accelerated guest
//
// send: frames of BYTES to the station that receive says it is, as fast as they are taken; bursts
// come from STATIONS addresses in turn. receive: prints how many came so far for each line on
// standard input. All say "ready" when joined, and end with their standard input.

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "support/test_guest.h"

namespace hpvmnet::test {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kBurst = 32;
constexpr std::size_t kLongest = 2048;

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

/// Where frames go in and come out.
class Joint {
 public:
  virtual ~Joint() = default;
  /// Up to kBurst times the frame; waits where there is no room.
  virtual void send(ByteView frame) = 0;
  /// How many frames have come; waits a little for the first.
  virtual unsigned receive() = 0;
};

class PacketJoint : public Joint {
 public:
  explicit PacketJoint(const std::string& interface)
      : socket_(checked(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), "packet socket")) {
    const int on = 1;
    checked(::setsockopt(socket_.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on), "bypass");
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
    checked(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  }

  void send(ByteView frame) override {
    iovec part{const_cast<std::byte*>(frame.data()), frame.size()};
    std::array<mmsghdr, kBurst> messages{};
    for (mmsghdr& message : messages) set(message, part);
    ::sendmmsg(socket_.get(), messages.data(), kBurst, 0);
  }

  unsigned receive() override {
    pollfd waiting{socket_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 10) <= 0) return 0;
    std::array<std::array<std::byte, kLongest>, kBurst> space;
    std::array<iovec, kBurst> parts;
    std::array<mmsghdr, kBurst> messages{};
    for (unsigned i = 0; i < kBurst; ++i) {
      parts[i] = {space[i].data(), space[i].size()};
      set(messages[i], parts[i]);
    }
    const int count = ::recvmmsg(socket_.get(), messages.data(), kBurst, MSG_DONTWAIT, nullptr);
    return count < 0 ? 0 : static_cast<unsigned>(count);
  }

 private:
  static void set(mmsghdr& message, iovec& part) {
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
  }

  Fd socket_;
};

/// With a virtio_net_hdr before each frame.
Fd open_tap(const std::string& name) {
  Fd tap(checked(::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK), "/dev/net/tun"));
  ifreq request{};
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  checked(::ioctl(tap.get(), TUNSETIFF, &request), "tap");
  return tap;
}

class TapJoint : public Joint {
 public:
  explicit TapJoint(const std::string& name) : tap_(open_tap(name)) {}

  void send(ByteView frame) override {
    std::array<std::byte, kHeader + kLongest> bytes{};
    std::memcpy(bytes.data() + kHeader, frame.data(), frame.size());
    for (unsigned i = 0; i < kBurst; ++i) {
      if (::write(tap_.get(), bytes.data(), kHeader + frame.size()) < 0 && errno != EAGAIN) {
        throw std::system_error(errno, std::generic_category(), "tap");
      }
    }
  }

  unsigned receive() override {
    pollfd waiting{tap_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 10) <= 0) return 0;
    std::array<std::byte, kHeader + kLongest> bytes;
    unsigned count = 0;
    while (count<kBurst&& ::read(tap_.get(), bytes.data(), bytes.size())> 0) ++count;
    return count;
  }

 private:
  static constexpr std::size_t kHeader = 10;
  Fd tap_;
};

class AvioJoint : public Joint {
 public:
  explicit AvioJoint(const std::string& socket)
      : guest_(socket, {.front_end = {.protocol_features = kProtocolFeatures},
                        .driver = {.ingress_size = 1024, .egress_size = 1024}}) {}

  void send(ByteView frame) override {
    NetDriver& driver = guest_.driver();
    unsigned count = 0;
    while (count < kBurst && driver.prepare({}, frame)) ++count;
    driver.ingress().publish();
    if (count == 0) driver.ingress().wait(1ms);
  }

  unsigned receive() override {
    NetDriver& driver = guest_.driver();
    if (!driver.egress().wait(10ms)) return 0;
    driver.hold_buffers(true);
    unsigned count = 0;
    while (count < kBurst && driver.receive(frame_)) ++count;
    driver.hold_buffers(false);
    driver.fill();
    return count;
  }

 private:
  // Without the device's status: DPDK waits for one where it was agreed on.
  static constexpr std::uint64_t kProtocolFeatures =
      protocol_feature::all & ~protocol_feature::status;

  TestGuest guest_;
  ReceivedFrame frame_;
};

std::unique_ptr<Joint> join(std::string_view port) {
  const std::size_t colon = port.find(':');
  const std::string_view kind = port.substr(0, colon);
  const std::string name(port.substr(colon + 1));
  if (kind == "packet") return std::make_unique<PacketJoint>(name);
  if (kind == "tap") return std::make_unique<TapJoint>(name);
  if (kind == "avio") return std::make_unique<AvioJoint>(name);
  throw std::invalid_argument("PORT is packet:INTERFACE, tap:INTERFACE or avio:SOCKET");
}

constexpr std::array<unsigned char, 6> kSender{0x02, 0, 0, 0, 0x0a, 1};
constexpr std::array<unsigned char, 6> kReceiver{0x02, 0, 0, 0, 0x0a, 2};

Bytes frame_between(const std::array<unsigned char, 6>& from,
                    const std::array<unsigned char, 6>& to, std::size_t length) {
  Bytes frame(length);
  std::memcpy(frame.data(), to.data(), 6);
  std::memcpy(frame.data() + 6, from.data(), 6);
  frame[12] = std::byte{0x88};  // for local experiments
  frame[13] = std::byte{0xb6};
  return frame;
}

// What has arrived at a tap, some frames at the most, to the other one.
void pass(const Fd& from, const Fd& to) {
  static std::array<std::byte, 68 * 1024> bytes;
  for (unsigned i = 0; i < kBurst; ++i) {
    const ssize_t length = ::read(from.get(), bytes.data(), bytes.size());
    if (length <= 0) return;
    [[maybe_unused]] const ssize_t sent =
        ::write(to.get(), bytes.data(), static_cast<std::size_t>(length));
  }
}

bool standard_input(int limit) {
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  return ::poll(&waiting, 1, limit) > 0;
}

void say(const std::string& word) {
  std::puts(word.c_str());
  std::fflush(stdout);
}

void send(Joint& joint, std::size_t length, std::uint32_t stations) {
  Bytes frame = frame_between(kSender, kReceiver, length);
  say("ready");
  for (std::uint32_t station = 0; !standard_input(0); station = (station + 1) % stations) {
    std::memcpy(frame.data() + 7, &station, sizeof station);  // of the six bytes of the sender
    joint.send(frame);
  }
}

void receive(Joint& joint) {
  joint.send(frame_between(kReceiver, kSender, 60));  // the switch learns where this station is
  say("ready");
  std::uint64_t received = 0;
  while (true) {
    received += joint.receive();
    if (!standard_input(0)) continue;
    char byte = 0;
    if (::read(STDIN_FILENO, &byte, 1) <= 0) return;
    say(std::to_string(received));
  }
}

void relay(const std::string& first, const std::string& second) {
  const std::array taps{open_tap(first), open_tap(second)};
  for (const Fd& tap : taps) {
    constexpr unsigned long kOffloads = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;
    checked(::ioctl(tap.get(), TUNSETOFFLOAD, kOffloads), "offloads");
  }
  say("ready");
  std::array<pollfd, 3> waiting{
      {{taps[0].get(), POLLIN, 0}, {taps[1].get(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
  while (::poll(waiting.data(), waiting.size(), -1) >= 0 && waiting[2].revents == 0) {
    if (waiting[0].revents != 0) pass(taps[0], taps[1]);
    if (waiting[1].revents != 0) pass(taps[1], taps[0]);
  }
}

}  // namespace
}  // namespace hpvmnet::test

int main(int count, char** words) {
  using namespace hpvmnet::test;
  try {
    if (count < 3)
      throw std::invalid_argument(
          "frame_load send PORT [BYTES [STATIONS]] | receive PORT | relay TAP TAP");
    if (std::string_view(words[1]) == "relay" && count == 4) {
      relay(words[2], words[3]);
      return EXIT_SUCCESS;
    }
    const std::unique_ptr<Joint> joint = join(words[2]);
    if (std::string_view(words[1]) == "send") {
      const auto number = [&](int word, unsigned long otherwise) {
        return count > word ? std::strtoul(words[word], nullptr, 10) : otherwise;
      };
      send(*joint, number(3, 60), static_cast<std::uint32_t>(number(4, 1)));
    } else {
      receive(*joint);
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "frame_load: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
