#include "cli/pcapng.h"

#include <concepts>
#include <ostream>

namespace hpvmnet::cli {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kInterfaceStatistics = 5;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint16_t kEthernet = 1;
constexpr std::size_t kLongestOption = 0xffff;

// What stands between the two lengths of a block.
class Body {
 public:
  template <std::integral Number>
  Body& add(Number number) {
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
    return *this;
  }
  Body& add(std::string_view bytes) {
    bytes_.append(bytes);
    bytes_.append(-bytes.size() % 4, '\0');
    return *this;
  }
  Body& add_time(std::uint64_t time_ns) {
    return add(static_cast<std::uint32_t>(time_ns >> 32)).add(static_cast<std::uint32_t>(time_ns));
  }
  Body& option(std::uint16_t code, std::string_view value) {
    const auto kept = value.substr(0, kLongestOption);
    return add(code).add(static_cast<std::uint16_t>(kept.size())).add(kept);
  }
  template <std::integral Number>
  Body& option(std::uint16_t code, Number number) {
    return option(code, {reinterpret_cast<const char*>(&number), sizeof number});
  }
  Body& end_of_options() { return add(std::uint32_t{0}); }

  void write(std::ostream& out, std::uint32_t type) const {
    const auto size = static_cast<std::uint32_t>(bytes_.size() + 3 * sizeof(std::uint32_t));
    const std::string block = Body().add(type).add(size).bytes_ + bytes_ + Body().add(size).bytes_;
    out.write(block.data(), static_cast<std::streamsize>(block.size()));
  }

 private:
  std::string bytes_;
};

}  // namespace

PcapngWriter::PcapngWriter(std::ostream& out, std::string_view program) : out_(out) {
  constexpr std::uint16_t kApplication = 4;
  constexpr std::int64_t kUnknownLength = -1;
  Body()
      .add(kByteOrderMagic)
      .add(std::uint16_t{1})  // version 1.0
      .add(std::uint16_t{0})
      .add(kUnknownLength)
      .option(kApplication, program)
      .end_of_options()
      .write(out_, kSectionHeader);
}

std::uint32_t PcapngWriter::add_interface(std::string_view name, std::uint32_t snaplen) {
  constexpr std::uint16_t kName = 2;
  constexpr std::uint16_t kResolution = 9;
  constexpr std::uint8_t kNanoseconds = 9;  // 10 to the power of minus 9 seconds
  Body()
      .add(kEthernet)
      .add(std::uint16_t{0})
      .add(snaplen)
      .option(kName, name)
      .option(kResolution, kNanoseconds)
      .end_of_options()
      .write(out_, kInterfaceDescription);
  return interfaces_++;
}

void PcapngWriter::write(const Packet& packet) {
  constexpr std::uint16_t kComment = 1;
  constexpr std::uint16_t kFlags = 2;
  Body body;
  body.add(packet.interface)
      .add_time(packet.time_ns)
      .add(static_cast<std::uint32_t>(packet.data.size()))
      .add(packet.length)
      .add(packet.data)
      .option(kFlags, static_cast<std::uint32_t>(packet.direction));
  if (!packet.comment.empty()) body.option(kComment, packet.comment);
  body.end_of_options().write(out_, kEnhancedPacket);
}

void PcapngWriter::write_statistics(std::uint32_t interface, std::uint64_t time_ns,
                                    std::uint64_t received, std::uint64_t lost) {
  constexpr std::uint16_t kReceived = 4;
  constexpr std::uint16_t kDropped = 5;
  Body()
      .add(interface)
      .add_time(time_ns)
      .option(kReceived, received)
      .option(kDropped, lost)
      .end_of_options()
      .write(out_, kInterfaceStatistics);
}

}  // namespace hpvmnet::cli
