#include "util/unique_fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace genesys {
namespace {

bool open(int fd) {
  return fcntl(fd, F_GETFD) != -1;
}

TEST(UniqueFd, ClosesWithItsOwner) {
  int raw = -1;
  {
    const UniqueFd fd(::open("/dev/null", O_RDONLY));
    raw = fd.get();
    ASSERT_TRUE(open(raw));
  }
  EXPECT_FALSE(open(raw));
}

TEST(UniqueFd, MovesItsDescriptor) {
  UniqueFd first(::open("/dev/null", O_RDONLY));
  const int raw = first.get();
  UniqueFd second(std::move(first));
  EXPECT_EQ(second.get(), raw);
  UniqueFd third(::open("/dev/null", O_RDONLY));
  const int replaced = third.get();
  third = std::move(second);
  EXPECT_EQ(third.get(), raw);
  EXPECT_FALSE(open(replaced));
  EXPECT_TRUE(open(raw));
}

}  // namespace
}  // namespace genesys
