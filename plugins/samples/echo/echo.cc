// A kind of port that answers: what is sent to its address comes back to the sender. It has no
// guest behind it, which makes it the smallest port that does something.
#include <cstring>
#include <memory>
#include <mutex>
#include <vector>

#include <sys/eventfd.h>

#include "base/fd.h"
#include "base/spin_lock.h"
#include "frame/copy.h"
#include "plugin/plugin.h"

namespace {

using namespace hpvmnet;

constexpr std::size_t kSlots = 256;  // answers that wait for a worker
constexpr std::uint32_t kLongest = 1518;

struct Slot {
  std::uint32_t length;
  std::byte bytes[kLongest];
};

class EchoPort final : public Port {
 public:
  explicit EchoPort(MacAddress mac) : slots_(kSlots) {
    for (int i = 0; i < 6; ++i) mac_[i] = static_cast<std::byte>(mac.value() >> (40 - 8 * i));
  }
  int wake_descriptor() const { return wake_.get(); }

  // Any worker, and several at once. What is not for this address was flooded: others will answer.
  void send(std::span<const Frame* const> frames, Tally& tally) noexcept override {
    const std::lock_guard guard(lock_);
    for (const Frame* frame : frames) {
      const bool mine = std::memcmp(frame->head.data(), mac_, 6) == 0;
      if (mine && (frame->length > kLongest || last_ - first_ == kSlots)) {
        tally.drop(frame->length > kLongest ? Drop::mtu : Drop::no_buffer);
        continue;
      }
      tally.egress_frames.add(1);
      tally.egress_bytes.add(frame->length);
      if (!mine) continue;
      Slot& slot = slots_[last_++ % kSlots];
      slot.length = frame->length;
      copy_frame(slot.bytes, *frame);
      std::memcpy(slot.bytes, slot.bytes + 6, 6);
      std::memcpy(slot.bytes + 6, mac_, 6);
    }
    tally.egress_bursts.add(1);
    if (last_ != first_) ::eventfd_write(wake_.get(), 1);  // does not block: see EFD_NONBLOCK
  }

  // The worker that has the queue. The burst refers to the slots until release().
  void receive(QueueId /*queue*/, Burst& burst, Tally& /*tally*/) noexcept override {
    const std::lock_guard guard(lock_);
    for (lent_ = first_; lent_ != last_ && burst.room() > 0; ++lent_) {
      const Slot& slot = slots_[lent_ % kSlots];
      Frame& frame = burst.next();
      frame.offload = {};
      frame.buffer_count = 1;
      frame.set_contiguous(slot.length, slot.bytes + Frame::kHeadCapacity);
      copy_short(frame.head.data(), slot.bytes, frame.head_length);
      burst.push();
    }
  }
  void release(QueueId /*queue*/) noexcept override {
    const std::lock_guard guard(lock_);
    first_ = lent_;
  }
  Wait park(QueueId /*queue*/) noexcept override {
    const std::lock_guard guard(lock_);
    return first_ == last_ ? Wait::input : Wait::nothing;
  }

 private:
  std::byte mac_[6];
  const Fd wake_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  SpinLock lock_;  // for what follows
  std::vector<Slot> slots_;
  std::size_t first_ = 0, lent_ = 0, last_ = 0;  // count on; free, lent and waiting lie between
};

class EchoAdaptor final : public Adaptor {
 public:
  std::string_view name() const override { return "echo"; }
  bool uses_mac() const override { return true; }
  bool needs_shared_memory() const override { return false; }
  std::vector<std::string> qemu_arguments(const AttachmentSpec&) const override { return {}; }
  std::filesystem::path socket(const PortSpec&) const override { return {}; }

  Status check(const PortSpec& spec) const override {
    if (spec.mac) return {};
    return fail(ErrorCode::failed_precondition, "an echo port needs a guest of its own");
  }
  Result<std::unique_ptr<Port>> open(const PortSpec& spec, PortHost& host) override {
    auto port = std::make_unique<EchoPort>(*spec.mac);
    const int wake = port->wake_descriptor();
    if (wake < 0) return fail(ErrorCode::resource_exhausted, "no descriptor is left for the port");
    host.start_queues({&wake, 1});  // begins when this function has succeeded
    host.set_peer(true);
    return port;
  }
};

constexpr PluginDescription kDescription{
    .name = "echo", .version = "1.0", .provide = [](PluginRegistry& registry) {
      registry.add(std::make_unique<EchoAdaptor>());
    }};

}  // namespace

const PluginDescription* hpvmnet_plugin() { return &kDescription; }
