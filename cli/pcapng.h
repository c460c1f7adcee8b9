#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace hpvmnet::cli {

/// Writes frames as a pcapng file (IETF draft-ietf-opsawg-pcapng) of one section, in this machine's
/// byte order, which the file names. The stream outlives it and says whether writing went well.
class PcapngWriter {
 public:
  enum class Direction : std::uint8_t { inbound = 1, outbound = 2 };
  struct Packet {
    std::uint32_t interface = 0;  ///< as add_interface() numbered it
    std::uint64_t time_ns = 0;    ///< since 1970
    std::uint32_t length = 0;     ///< of the frame
    std::string_view data;        ///< its beginning
    Direction direction = Direction::inbound;
    std::string_view comment;  ///< empty: none
  };

  /// Begins the file. `program` made it.
  PcapngWriter(std::ostream& out, std::string_view program);

  /// An Ethernet interface of which `snaplen` bytes of each frame are kept (0: all), before its
  /// first packet. They are numbered from 0.
  std::uint32_t add_interface(std::string_view name, std::uint32_t snaplen);
  void write(const Packet& packet);
  /// How many of an interface's frames are here, and how many should be and are not.
  void write_statistics(std::uint32_t interface, std::uint64_t time_ns, std::uint64_t received,
                        std::uint64_t lost);

 private:
  std::ostream& out_;
  std::uint32_t interfaces_ = 0;
};

}  // namespace hpvmnet::cli
