#include "support/test_guest.h"

namespace hpvmnet::test {

void TestGuest::attach(const std::filesystem::path& socket) {
  front_end_.emplace(socket, options_.front_end);
  front_end_->negotiate();
  if (!driver_) {
    NetDriver::Options driver = options_.driver;
    driver.mergeable = front_end_->has(feature::mergeable);
    driver.event_index = front_end_->has(feature::event_index);
    driver.packed = front_end_->has(feature::packed);
    const bool modern = driver.mergeable || front_end_->has(feature::version_1);
    driver.header_length = modern ? kHeaderLength : kLegacyHeaderLength;
    driver_.emplace(ram_, driver);
  }
  front_end_->share(ram_);
  start(ingress_base_.value_or(driver_->ingress().lost_base()),
        egress_base_.value_or(driver_->egress().lost_base()));
  ingress_base_.reset();
  egress_base_.reset();
}

void TestGuest::start(std::uint32_t ingress_base, std::uint32_t egress_base) {
  front_end_->start_queue(NetDriver::kEgressQueue, ram_, driver_->egress(), egress_base);
  front_end_->start_queue(NetDriver::kIngressQueue, ram_, driver_->ingress(), ingress_base);
  front_end_->synchronize();
}

void TestGuest::detach() {
  egress_base_ = front_end_->stop_queue(NetDriver::kEgressQueue);
  ingress_base_ = front_end_->stop_queue(NetDriver::kIngressQueue);
  front_end_.reset();
}

void TestGuest::reboot() {
  front_end_->stop_queue(NetDriver::kEgressQueue);
  front_end_->stop_queue(NetDriver::kIngressQueue);
  driver_->reset();
  start(driver_->ingress().first_base(), driver_->egress().first_base());
}

}  // namespace hpvmnet::test
