#include <array>
#include <cstring>

#include "switch/stages.h"

namespace hpvmnet {
namespace {

constexpr std::uint32_t kHeaderLength = 14;

// The Ethernet header: two words that share two bytes.
struct Header {
  std::uint64_t front;  // destination, and the first two bytes of the source
  std::uint64_t back;   // source and type

  static Header read(const std::byte* head) noexcept {
    Header header;
    std::memcpy(&header.front, head, sizeof header.front);
    std::memcpy(&header.back, head + 6, sizeof header.back);
    return header;
  }
  bool operator==(const Header&) const = default;

  std::uint64_t destination() const noexcept { return __builtin_bswap64(front) >> 16; }
  std::uint64_t source() const noexcept { return __builtin_bswap64(back) >> 16; }
  // Of the bytes as they lie, the first one lowest:
  bool group_source() const noexcept { return (back & 1) != 0; }
  bool tagged() const noexcept {  // with a customer or service tag of 802.1Q
    const std::uint64_t type = back >> 48;
    return type == 0x0081 || type == 0xa888;
  }
};

// What the first sweep over a burst finds.
struct Headers {
  std::size_t count = 0;
  std::array<Header, Burst::kCapacity> header;           // of each run of frames
  std::array<std::uint8_t, Burst::kCapacity + 1> begin;  // and its first frame; its end follows
};

Headers read_headers(Passage& passage) noexcept {
  Headers headers;
  const Burst& burst = passage.burst;
  const std::size_t size = burst.size();
  std::size_t count = 0;
  std::uint64_t bytes = 0;
  FrameMask runts = 0;
  FrameMask offloaded = 0;
  Header last = {};
  for (std::size_t i = 0; i < size; ++i) {
    const Frame& frame = burst[i];
    bytes += frame.length;
    if (frame.length < kHeaderLength) [[unlikely]]
      runts |= FrameMask{1} << i;
    if (frame.offload.any()) offloaded |= FrameMask{1} << i;
    const Header header = Header::read(frame.head.data());
    if (header == last && i > 0) continue;
    headers.header[count] = last = header;
    headers.begin[count++] = static_cast<std::uint8_t>(i);
  }
  headers.begin[count] = static_cast<std::uint8_t>(size);
  headers.count = count;
  passage.offloaded = offloaded;
  passage.drop(runts, Drop::runt);
  Tally& tally = passage.tally_of(passage.ingress_port());
  tally.ingress_frames.add(size);
  tally.ingress_bytes.add(bytes);
  tally.ingress_bursts.add(1);
  return headers;
}

}  // namespace

// Two sweeps: over the frames, then over their runs, for which it begins to fetch what is known of
// the stations.
void parse(Passage& passage) noexcept {
  const Headers headers = read_headers(passage);
  const MacTable& macs = *passage.vswitch.macs;
  const MacTable::Keys keys = macs.keys(passage.ingress_port().domain);
  FrameMask tagged = 0;
  FrameMask group_sources = 0;
  FrameMask begin = 1;  // bit of the run's first frame; that of the next run is its end
  for (std::size_t i = 0; i < headers.count; ++i) {
    const Header& header = headers.header[i];
    const FrameMask end = FrameMask{2} << (headers.begin[i + 1] - 1);
    Run& run = passage.run_space[i];
    run.frames = end - begin;
    begin = end;
    run.source = keys(header.source());
    macs.prefetch(run.source);
    run.destination = keys(header.destination());
    macs.prefetch(run.destination);
    if (header.tagged()) [[unlikely]]
      tagged |= run.frames;
    if (header.group_source()) [[unlikely]]
      group_sources |= run.frames;
  }
  passage.run_count = headers.count;
  passage.tagged = tagged;
  passage.drop(group_sources & passage.live, Drop::group_source);
}

}  // namespace hpvmnet
