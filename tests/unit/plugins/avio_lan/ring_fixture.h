#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "avio_lan/memory/guest_memory.h"
#include "avio_lan/ring/egress_ring.h"
#include "avio_lan/ring/ingress_ring.h"
#include "support/chain_shape.h"
#include "support/driver_ring.h"
#include "support/frame_builder.h"
#include "support/net_driver.h"
#include "support/split_driver_ring.h"

// Rings in plain memory: no socket, no thread, no switch.
namespace hpvmnet::avio_lan {

using test::Bytes;
using test::ByteView;
using test::ChainPiece;
using test::ChainShape;
using test::DriverRing;
using test::GuestRam;
using test::NetDriver;
using test::RingDescriptor;
using test::SplitDriverRing;

class CountingSignal : public Signal {
 public:
  void raise() noexcept override { ++count_; }
  unsigned count() const { return count_; }

 private:
  std::atomic<unsigned> count_{0};
};

/// The table that a session would have made of the memory.
std::shared_ptr<const GuestMemory> memory_of(const GuestRam& ram);

/// How the two sides of a ring are to agree; the rest follows from the ring.
struct Agreement {
  std::uint32_t header_length = test::kHeaderLength;
  bool mergeable = true;
  bool event_index = false;
};

RingSetup setup_of(const GuestRam& ram, const DriverRing& ring, const Agreement& agreed);

std::uint64_t drops(const Tally& tally, Drop reason);
/// Of all reasons.
std::uint64_t all_drops(const Tally& tally);

/// The bytes of a frame, wherever they are.
Bytes contents(const Frame& frame);

/// Writes the header and the frame into memory at `address`, in the given shape, and offers them.
bool offer_frame(const GuestRam& ram, DriverRing& ring, std::uint64_t address, ByteView frame,
                 const ChainShape& shape, std::uint32_t header_length);

/// An ingress ring and what a worker has around it.
struct IngressSide {
  CountingSignal fault;
  EventSignaller signaller;
  Interrupter interrupter{signaller};
  std::unique_ptr<IngressRing> ring;
  Burst burst;
  Tally tally;

  void start(const RingSetup& setup) { ring = IngressRing::make(fault, interrupter, setup); }
  /// Returns where it has got to.
  std::uint16_t stop() {
    const std::uint16_t next = ring->next_available();
    ring.reset();
    return next;
  }

  /// One burst, as a worker takes it: received, copied, released.
  std::vector<Bytes> take_burst();
  /// Bursts until there is nothing more.
  std::vector<Bytes> take_all();
};

/// An egress ring and what a worker has around it.
struct EgressSide {
  CountingSignal fault;
  EventSignaller signaller;
  Interrupter interrupter{signaller};
  std::unique_ptr<EgressRing> ring;
  Tally tally;

  void start(const RingSetup& setup) { ring = EgressRing::make(fault, interrupter, setup); }
  /// Returns where it has got to.
  std::uint16_t stop() {
    const std::uint16_t next = ring->next_available();
    ring.reset();
    return next;
  }

  void send(ByteView frame) { send(std::vector<Bytes>{Bytes(frame.begin(), frame.end())}); }
  /// All in one burst, each lent in parts of `part` bytes.
  void send(const std::vector<Bytes>& frames, std::size_t part = 1000);
};

/// A ring whose driver follows no rules: descriptors and heads are written as told.
class RawRing {
 public:
  RawRing(const GuestRam& ram, SplitDriverRing& ring) : ram_(ram), ring_(ring) {}

  /// Writes descriptors 0, 1, ... as given.
  void describe(const std::vector<RingDescriptor>& descriptors);
  /// Offers a chain by its head and shows it.
  void offer(std::uint16_t head);

  std::uint16_t used() const { return ring_.used_index(); }
  test::UsedChain used_entry(std::uint16_t position) const;

 private:
  const GuestRam& ram_;
  SplitDriverRing& ring_;
};

// Parameters of cases that are the same for split and for packed rings.

struct RingShape {
  std::string name;
  ChainShape shape;
  bool packed;
};
std::vector<RingShape> shapes_of_all_rings(std::uint32_t header_length);

struct RingSize {
  std::string name;
  std::uint32_t size;
  bool packed;
};
std::vector<RingSize> sizes_of_all_rings();

struct Notifying {
  std::string name;
  bool packed;
  bool event_index;
};
std::vector<Notifying> all_ways_to_notify();

/// Says which parameter a case has, in the names of tests.
inline constexpr auto name_of_case = [](const auto& info) { return info.param.name; };

}  // namespace hpvmnet::avio_lan
