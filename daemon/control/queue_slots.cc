#include "control/queue_slots.h"

#include <algorithm>

#include "worker/placement.h"

namespace hpvmnet {

Status QueueSlots::occupy(LivePort& port, QueueId queue, int wake) {
  std::vector<std::size_t> counts;
  for (const auto& slots : slots_) {
    counts.push_back(static_cast<std::size_t>(
        std::ranges::count_if(slots, [](const Slot& slot) { return slot.port != nullptr; })));
  }
  const std::size_t worker = place_queue(counts);
  return put(worker, {&port, queue, wake, port.ingress_frames(worker)});
}

Status QueueSlots::put(std::size_t worker, const Slot& queue) {
  auto& slots = slots_[worker];
  auto slot = std::ranges::find(slots, nullptr, &Slot::port);
  if (slot == slots.end()) slot = slots.insert(slots.end(), Slot{});
  const auto index = static_cast<std::uint32_t>(slot - slots.begin());
  if (Status watched = workers_.watch(worker, index, queue.wake); !watched) return watched;
  *slot = queue;
  std::vector<unsigned>& of_port = workers_of_[queue.port];
  of_port.resize(std::max<std::size_t>(of_port.size(), queue.queue + 1));
  of_port[queue.queue] = static_cast<unsigned>(worker);
  return {};
}

void QueueSlots::vacate(const LivePort& port) {
  workers_of_.erase(&port);
  for (std::size_t worker = 0; worker < slots_.size(); ++worker) {
    for (Slot& slot : slots_[worker]) {
      if (slot.port != &port) continue;
      workers_.unwatch(worker, slot.wake);
      slot = {};
    }
  }
}

// Ports count frames by worker, so those of a port's queues on one worker are taken to be equal.
std::optional<QueueSlots::Transfer> QueueSlots::begin_balancing() {
  std::vector<QueueLoad> loads;
  std::vector<Slot*> queues;
  for (std::size_t worker = 0; worker < slots_.size(); ++worker) {
    for (Slot& slot : slots_[worker]) {
      if (slot.port == nullptr) continue;
      const auto sharing =  // 1 at least
          std::max<std::ptrdiff_t>(1, std::ranges::count(slots_[worker], slot.port, &Slot::port));
      const std::uint64_t frames = slot.port->ingress_frames(worker);
      loads.push_back({worker, (frames - slot.frames) / static_cast<std::uint64_t>(sharing)});
      queues.push_back(&slot);
      slot.frames = frames;
    }
  }
  const std::optional<QueueMove> move = balance(loads, slots_.size());
  if (!move) return std::nullopt;
  Slot& slot = *queues[move->queue];
  workers_.unwatch(loads[move->queue].worker, slot.wake);
  const Transfer transfer{slot, move->worker};
  slot = {};
  return transfer;
}

void QueueSlots::finish(const Transfer& transfer) {
  Slot slot = transfer.slot;
  slot.frames = slot.port->ingress_frames(transfer.to);
  // The descriptor was watched a moment ago; where that fails now, the queue rests until its port
  // starts anew.
  if (const Status put_there = put(transfer.to, slot); !put_there) {
    slot.port->log().error("one queue is at rest: {}", put_there.error().text);
  }
}

std::vector<unsigned> QueueSlots::workers_of(const LivePort& port) const {
  const auto found = workers_of_.find(&port);
  return found == workers_of_.end() ? std::vector<unsigned>() : found->second;
}

}  // namespace hpvmnet
