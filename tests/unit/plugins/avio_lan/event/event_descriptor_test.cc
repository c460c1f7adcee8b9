#include "avio_lan/event/event_descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/timerfd.h>

namespace hpvmnet::avio_lan {
namespace {

TEST(EventDescriptor, EventfdsAreAccepted) {
  EXPECT_TRUE(check_eventfd(Fd(::eventfd(0, 0))));
  EXPECT_TRUE(check_eventfd(Fd(::eventfd(7, EFD_NONBLOCK | EFD_SEMAPHORE))));
}

TEST(EventDescriptor, NothingElseIs) {
  EXPECT_FALSE(check_eventfd(Fd(::timerfd_create(CLOCK_MONOTONIC, 0))));
  EXPECT_FALSE(check_eventfd(Fd(::epoll_create1(0))));
  EXPECT_FALSE(check_eventfd(Fd(::memfd_create("anon_inode:[eventfd]", 0))));
  EXPECT_FALSE(check_eventfd(Fd(::open("/dev/null", O_RDWR))));
  EXPECT_FALSE(check_eventfd(Fd()));
}

TEST(EventDescriptor, CanBeMadeNonBlocking) {
  const Fd event(::eventfd(0, 0));
  make_non_blocking(event);
  EXPECT_NE(::fcntl(event.get(), F_GETFL) & O_NONBLOCK, 0);
}

}  // namespace
}  // namespace hpvmnet::avio_lan
