#include "control/own_port.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "frame/copy.h"

namespace hpvmnet {
namespace {

std::vector<std::byte> frame_of(std::size_t length, unsigned char content) {
  return std::vector<std::byte>(length, std::byte{content});
}

std::vector<std::byte> whole(const Frame& frame) {
  std::vector<std::byte> bytes(frame.length);
  copy_frame(bytes.data(), frame);
  return bytes;
}

TEST(OwnPort, LendsWhatWasPostedInOrder) {
  OwnPort port;
  Burst burst;
  Tally tally;
  EXPECT_EQ(port.park(0), Wait::input);
  port.post(frame_of(60, 1));
  port.post(frame_of(1000, 2));
  pollfd wake{port.wake_descriptor(), POLLIN, 0};
  EXPECT_EQ(::poll(&wake, 1, 0), 1);
  EXPECT_EQ(port.park(0), Wait::nothing);
  port.receive(0, burst, tally);
  ASSERT_EQ(burst.size(), 2u);
  EXPECT_EQ(whole(burst[0]), frame_of(60, 1));
  EXPECT_EQ(whole(burst[1]), frame_of(1000, 2));
  port.post(frame_of(70, 3));  // while the others are lent
  port.release(0);
  burst.clear();
  port.receive(0, burst, tally);
  ASSERT_EQ(burst.size(), 1u);
  EXPECT_EQ(whole(burst[0]), frame_of(70, 3));
  port.release(0);
  EXPECT_EQ(port.park(0), Wait::input);
}

TEST(OwnPort, LosesWhatIsTooMuch) {
  OwnPort port;
  for (int i = 0; i < 100; ++i) port.post(frame_of(60, 1));
  Burst burst;
  Tally tally;
  port.receive(0, burst, tally);
  EXPECT_EQ(burst.size(), 64u);
}

}  // namespace
}  // namespace hpvmnet
