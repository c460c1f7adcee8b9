#include "base/fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) >= 0; }

int open_something() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

TEST(Fd, ClosesAtTheEnd) {
  const int descriptor = open_something();
  {
    const Fd owner(descriptor);
    EXPECT_TRUE(owner);
    EXPECT_TRUE(is_open(descriptor));
  }
  EXPECT_FALSE(is_open(descriptor));
}

TEST(Fd, OwnsNothingAtFirst) {
  const Fd owner;
  EXPECT_FALSE(owner);
  EXPECT_EQ(owner.get(), -1);
}

TEST(Fd, MovesItsOwnership) {
  const int descriptor = open_something();
  Fd from(descriptor);
  Fd to(std::move(from));
  EXPECT_FALSE(from);  // NOLINT(bugprone-use-after-move): what a move leaves is defined
  EXPECT_EQ(to.get(), descriptor);
  const int replaced = open_something();
  Fd other(replaced);
  other = std::move(to);
  EXPECT_FALSE(is_open(replaced));
  EXPECT_EQ(other.get(), descriptor);
}

TEST(Fd, ReleaseLeavesItOpen) {
  const int descriptor = open_something();
  Fd owner(descriptor);
  EXPECT_EQ(owner.release(), descriptor);
  owner.reset();
  EXPECT_TRUE(is_open(descriptor));
  owner.reset(descriptor);
  owner.reset();
  EXPECT_FALSE(is_open(descriptor));
}

}  // namespace
}  // namespace hpvmnet
