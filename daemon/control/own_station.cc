#include "control/own_station.h"

#include <chrono>
#include <optional>
#include <utility>

namespace hpvmnet {
namespace {

// Frames are taken this far apart, so that a guest that sends them without end keeps the control
// thread from nothing else.
constexpr std::chrono::milliseconds kPause{10};

}  // namespace

OwnStation::OwnStation(Parts parts)
    : parts_(std::move(parts)),
      arrived_(parts_.loop.make_signal([this] { wait(); })),
      punt_(*arrived_) {}

OwnStation::~OwnStation() = default;

void OwnStation::send(std::vector<std::byte> frame) {
  sent_ = true;
  if (!port_) {
    auto sender = std::make_unique<OwnPort>();
    sender_ = sender.get();
    port_ = parts_.make_port();
    port_->adopt(std::move(sender));
    const int wake = sender_->wake_descriptor();
    port_->start_queues({&wake, 1});
  }
  sender_->post(std::move(frame));
}

void OwnStation::begin_period() {
  if (!std::exchange(sent_, false)) port_.reset();
}

void OwnStation::wait() {
  if (!waiting_) waiting_ = parts_.loop.after(kPause, [this] { look(); });
}

void OwnStation::look() {
  waiting_.reset();
  while (const std::optional<Punt::Item> item = punt_.take()) parts_.received(*item);
  parts_.all_received();
}

}  // namespace hpvmnet
