#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "support/driver_ring.h"
#include "support/guest_ram.h"
#include "support/peer_socket.h"
#include "support/vhost_user.h"

namespace hpvmnet::test {

/// How a front end introduces itself.
struct FrontEndOptions {
  std::uint64_t features = feature::modern;                 ///< taken where offered
  std::uint64_t protocol_features = protocol_feature::all;  ///< taken where offered
  bool memory_by_slots = false;  ///< ADD_MEM_REG for each region rather than SET_MEM_TABLE
  Milliseconds patience{5000};   ///< for any answer
};

/// The vhost-user front end of a guest: what QEMU is to a switch.
///
/// Well-behaved steps throw std::runtime_error where the back end refuses, closes, or does not
/// answer in time. Anything else can be sent with send(). With REPLY_ACK, each step waits for its
/// acknowledgement, so that it has happened when the method returns. One thread.
class FrontEnd {
 public:
  FrontEnd(PeerSocket socket, const FrontEndOptions& options = {})
      : socket_(std::move(socket)), options_(options) {}
  /// Waits for the socket to appear.
  FrontEnd(const std::filesystem::path& path, const FrontEndOptions& options = {})
      : FrontEnd(PeerSocket::connect(path, options.patience), options) {}

  PeerSocket& socket() { return socket_; }

  /// Any message, with the size that its header says.
  bool send(const Message& any) {
    return socket_.send(encode(any), any.descriptors, options_.patience);
  }
  static Bytes encode(const Message& any);

  /// The next message from the back end; nothing: none came in time, or it has closed.
  std::optional<Message> read_message(Milliseconds limit);

  /// Sends with need_reply and yields the status of the acknowledgement; nothing: there was none.
  std::optional<std::uint64_t> acknowledged(Message request);

  /// Sends a request that has an answer of its own, and yields its payload as a T.
  template <class T>
  T ask(const Message& request) {
    return value_from<T>(ask_for_bytes(request));
  }
  std::uint64_t ask(Request request) { return ask<std::uint64_t>(message(request)); }

  /// Sends a request that has no answer of its own.
  void tell(const Message& request);

  /// Returns when the back end has served all that was sent before.
  void synchronize() { ask(Request::get_features); }

  /// Features, protocol features, owner, in the order in which QEMU goes.
  void negotiate();
  std::uint64_t offered() const { return offered_; }
  std::uint64_t features() const { return features_; }
  std::uint64_t protocol_features() const { return protocol_features_; }
  bool has(std::uint64_t feature) const { return (features_ & feature) == feature; }

  /// Shares all regions of a guest's memory.
  void share(const GuestRam& ram);
  void add_region(const GuestRam::Region& region);
  void remove_region(const GuestRam::Region& region);
  static RegionDescription describe(const GuestRam::Region& region) {
    return {region.guest, region.size, region.user, 0};
  }

  /// Sets a ring up and starts it, enabled. The device goes on at `base`, or begins.
  void start_queue(std::uint32_t queue, const GuestRam& ram, const DriverRing& ring,
                   std::optional<std::uint32_t> base = {});
  /// The same in steps.
  void describe_queue(std::uint32_t queue, const GuestRam& ram, const DriverRing& ring,
                      std::uint32_t base);
  void set_call(std::uint32_t queue, int descriptor);
  void set_kick(std::uint32_t queue, int descriptor);
  void enable_queue(std::uint32_t queue, bool enabled);

  /// GET_VRING_BASE: when it returns, the back end does not touch the ring any more.
  std::uint32_t stop_queue(std::uint32_t queue);

 private:
  Bytes ask_for_bytes(const Message& request);

  PeerSocket socket_;
  FrontEndOptions options_;
  std::uint64_t offered_ = 0;
  std::uint64_t features_ = 0;
  std::uint64_t protocol_features_ = 0;
};

}  // namespace hpvmnet::test
