// Sends a frame of each length from 60 to 1514 bytes on a network interface, or receives them and
// looks whether each is intact. Runs in guests.
//
//   frame_probe send IFACE DESTINATION     aa:bb:cc:dd:ee:ff
//   frame_probe receive IFACE SECONDS      exit status 0: each length came, none was damaged
//   frame_probe flood IFACE DESTINATION    sends frames of 1514 bytes until it is killed

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::size_t kShortest = 60;
constexpr std::size_t kLongest = 1514;
constexpr std::uint16_t kProtocol = 0x88b5;  // IEEE 802: for local experiments
constexpr std::size_t kHeader = 16;          // Ethernet, then the length

using Frame = std::vector<std::uint8_t>;

std::uint8_t pattern(std::size_t length, std::size_t at) {
  return static_cast<std::uint8_t>(length * 31 + at * 7 + at / 256);
}

class PacketSocket {
 public:
  explicit PacketSocket(const std::string& interface)
      : descriptor_(::socket(AF_PACKET, SOCK_RAW, htons(kProtocol))),
        index_(static_cast<int>(if_nametoindex(interface.c_str()))),
        name_(interface) {
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(kProtocol);
    address.sll_ifindex = index_;
    if (descriptor_ < 0 || index_ == 0 ||
        ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error(interface + ": " + std::strerror(errno));
    }
  }
  PacketSocket(const PacketSocket&) = delete;
  PacketSocket& operator=(const PacketSocket&) = delete;
  ~PacketSocket() { ::close(descriptor_); }

  std::array<std::uint8_t, ETH_ALEN> own_address() const {
    ifreq request{};
    name_.copy(request.ifr_name, sizeof request.ifr_name - 1);
    if (::ioctl(descriptor_, SIOCGIFHWADDR, &request) != 0) {
      throw std::runtime_error(name_ + ": " + std::strerror(errno));
    }
    std::array<std::uint8_t, ETH_ALEN> address{};
    std::memcpy(address.data(), request.ifr_hwaddr.sa_data, address.size());
    return address;
  }

  void send(const Frame& frame) const {
    if (::send(descriptor_, frame.data(), frame.size(), 0) < 0) {
      throw std::runtime_error(std::string("send: ") + std::strerror(errno));
    }
  }

  /// The next frame; empty: none came within the limit.
  Frame receive(std::chrono::milliseconds limit) const {
    pollfd ready{descriptor_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(limit.count())) <= 0) return {};
    Frame frame(kLongest + 100);
    const ssize_t size = ::recv(descriptor_, frame.data(), frame.size(), 0);
    frame.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return frame;
  }

 private:
  int descriptor_;
  int index_;
  std::string name_;
};

std::array<std::uint8_t, ETH_ALEN> parse_address(const std::string& text) {
  std::array<unsigned, ETH_ALEN> parts{};
  if (std::sscanf(text.c_str(), "%x:%x:%x:%x:%x:%x", &parts[0], &parts[1], &parts[2], &parts[3],
                  &parts[4], &parts[5]) != ETH_ALEN) {
    throw std::runtime_error("'" + text + "' is no address; write aa:bb:cc:dd:ee:ff");
  }
  std::array<std::uint8_t, ETH_ALEN> address{};
  for (std::size_t i = 0; i < address.size(); ++i) address[i] = static_cast<std::uint8_t>(parts[i]);
  return address;
}

class Sender {
 public:
  Sender(const std::string& interface, const std::string& destination)
      : socket_(interface), to_(parse_address(destination)), from_(socket_.own_address()) {}

  void send(std::size_t length) const {
    Frame frame(length);
    std::memcpy(frame.data(), to_.data(), to_.size());
    std::memcpy(frame.data() + ETH_ALEN, from_.data(), from_.size());
    frame[12] = kProtocol >> 8;
    frame[13] = kProtocol & 0xff;
    frame[14] = static_cast<std::uint8_t>(length >> 8);
    frame[15] = static_cast<std::uint8_t>(length & 0xff);
    for (std::size_t at = kHeader; at < length; ++at) frame[at] = pattern(length, at);
    socket_.send(frame);
  }

 private:
  PacketSocket socket_;
  std::array<std::uint8_t, ETH_ALEN> to_;
  std::array<std::uint8_t, ETH_ALEN> from_;
};

int send_all(const Sender& sender) {
  for (std::size_t length = kShortest; length <= kLongest; ++length) {
    sender.send(length);
    ::usleep(3000);  // an emulated receiver keeps up with this
  }
  return EXIT_SUCCESS;
}

[[noreturn]] void flood(const Sender& sender) {
  for (;;) {
    sender.send(kLongest);
    ::usleep(1000);
  }
}

bool intact(const Frame& frame) {
  if (frame.size() < kShortest || frame.size() > kLongest) return false;
  if (std::size_t{frame[14]} * 256 + frame[15] != frame.size()) return false;
  for (std::size_t at = kHeader; at < frame.size(); ++at) {
    if (frame[at] != pattern(frame.size(), at)) return false;
  }
  return true;
}

int receive_all(const std::string& interface, unsigned seconds) {
  const PacketSocket socket(interface);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::vector<bool> seen(kLongest + 1);
  std::size_t missing = kLongest - kShortest + 1;
  std::size_t damaged = 0;
  std::size_t repeated = 0;
  while (missing > 0 && std::chrono::steady_clock::now() < end) {
    const Frame frame = socket.receive(std::chrono::milliseconds(200));
    if (frame.empty()) continue;
    if (!intact(frame)) {
      ++damaged;
    } else if (seen[frame.size()]) {
      ++repeated;
    } else {
      seen[frame.size()] = true;
      --missing;
    }
  }
  std::printf("missing %zu damaged %zu repeated %zu", missing, damaged, repeated);
  for (std::size_t length = kShortest; length <= kLongest; ++length) {
    if (!seen[length]) std::printf(" -%zu", length);
  }
  std::printf("\n");
  return missing + damaged + repeated == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  try {
    if (words.size() == 3 && words[0] == "send") return send_all(Sender(words[1], words[2]));
    if (words.size() == 3 && words[0] == "flood") flood(Sender(words[1], words[2]));
    if (words.size() == 3 && words[0] == "receive") {
      return receive_all(words[1], static_cast<unsigned>(std::stoul(words[2])));
    }
    throw std::runtime_error("usage: send|flood IFACE DESTINATION | receive IFACE SECONDS");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "frame_probe: %s\n", error.what());
    return 2;
  }
}
