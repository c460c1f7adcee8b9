#include <cstring>

#include "frame/vlan_tag.h"
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
  Header inverse() const noexcept { return {~front, ~back}; }

  std::uint64_t destination() const noexcept { return __builtin_bswap64(front) >> 16; }
  std::uint64_t source() const noexcept { return __builtin_bswap64(back) >> 16; }
  // Of the bytes as they lie, the first one lowest:
  bool group_source() const noexcept { return (back & 1) != 0; }
  bool tagged() const noexcept {
    return is_tag_type(__builtin_bswap16(static_cast<std::uint16_t>(back >> 48)));
  }
};

// All frames of the runs that begin with one of these.
FrameMask frames_of_runs(const Passage& passage, FrameMask first) noexcept {
  if (first == 0) [[likely]]
    return 0;
  FrameMask frames = 0;
  for (const Run& run : passage.runs()) {
    if ((run.frames & first) != 0) frames |= run.frames;
  }
  return frames;
}

void count(const Passage& passage, std::uint64_t bytes) noexcept {
  Tally& tally = passage.tally_of(passage.ingress_port());
  tally.ingress_frames.add(passage.burst.size());
  tally.ingress_bytes.add(bytes);
  tally.ingress_bursts.add(1);
}

// What tells the VLAN of a frame: the ports that take tags look at two more bytes, and each run of
// theirs has a domain of its own.
struct NoTags {
  MacTable::Keys keys;

  explicit NoTags(const Passage& passage) noexcept
      : keys(passage.vswitch.macs->keys(passage.ingress_port().domain)) {}
  static constexpr std::uint32_t header_length(const Header&) noexcept { return kHeaderLength; }
  static constexpr bool same(const Frame&, const Header&) noexcept { return true; }
  void begin_run(const Frame&, const Header&) noexcept {}
};

class Tags {
 public:
  MacTable::Keys keys;

  explicit Tags(const Passage& passage) noexcept
      : keys(passage.vswitch.macs->keys(kNoDomain)),
        macs_(*passage.vswitch.macs),
        port_(passage.ingress_port()) {}
  static std::uint32_t header_length(const Header& header) noexcept {
    return header.tagged() ? kHeaderLength + kTagLength : kHeaderLength;
  }
  // As the last run, whose Ethernet header is the same one.
  bool same(const Frame& frame, const Header& header) const noexcept {
    return !header.tagged() || read_vlan(frame.head.data()) == vlan_;
  }
  void begin_run(const Frame& frame, const Header& header) noexcept {
    Domain domain = port_.domain;
    if (header.tagged()) {
      vlan_ = read_vlan(frame.head.data());
      domain = port_.tags->domain_of_tag(vlan_);
    }
    keys = macs_.keys(domain);
  }

 private:
  const MacTable& macs_;
  const PortView& port_;
  VlanId vlan_ = 0;
};

// One sweep over the frames. Where a run begins, it begins to fetch what is known of the stations.
template <class VlanOf>
void sweep(Passage& passage) noexcept {
  const Burst& burst = passage.burst;
  const std::size_t size = burst.size();
  VlanOf vlan_of(passage);
  std::uint64_t bytes = 0;
  FrameMask runts = 0;
  FrameMask offloaded = 0;
  FrameMask tagged = 0;  // here and below, of each run its first frame only
  FrameMask group_sources = 0;
  std::uint64_t destinations = 0;  // their first bits, lowest first
  Run* next_run = passage.run_space.data();
  Run* run = next_run;
  Header last = Header::read(burst[0].head.data()).inverse();  // the first frame begins a run
  for (std::size_t i = 0; i < size; ++i) {
    const Frame& frame = burst[i];
    const FrameMask bit = FrameMask{1} << i;
    bytes += frame.length;
    if (frame.offload.any()) offloaded |= bit;
    const Header header = Header::read(frame.head.data());
    if (frame.length < vlan_of.header_length(header)) [[unlikely]]
      runts |= bit;
    if (header == last && vlan_of.same(frame, header)) {
      run->frames |= bit;
    } else {
      last = header;
      run = next_run++;
      run->frames = bit;
      vlan_of.begin_run(frame, header);
      run->source = vlan_of.keys(header.source());
      vlan_of.keys.prefetch(run->source);
      run->destination = vlan_of.keys(header.destination());
      vlan_of.keys.prefetch(run->destination);
      destinations |= header.front;
      if (header.tagged()) [[unlikely]]
        tagged |= bit;
      if (header.group_source()) [[unlikely]]
        group_sources |= bit;
    }
  }
  passage.run_count = static_cast<std::size_t>(next_run - passage.run_space.data());
  passage.offloaded = offloaded;
  passage.groups = (destinations & 1) != 0;
  passage.tagged = frames_of_runs(passage, tagged);
  count(passage, bytes);
  passage.drop(runts, Drop::runt);
  passage.drop(frames_of_runs(passage, group_sources) & passage.live, Drop::group_source);
}

}  // namespace

void parse(Passage& passage) noexcept {
  if (passage.ingress_port().tags == nullptr) [[likely]] {
    sweep<NoTags>(passage);
  } else {
    sweep<Tags>(passage);
  }
}

}  // namespace hpvmnet
