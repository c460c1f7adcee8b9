#include "capture/packet_filter.h"

#include <cstring>

#include <gtest/gtest.h>

namespace hpvmnet {
namespace {

using Program = std::vector<PacketFilter::Instruction>;

constexpr std::uint16_t kLoadHalf = BPF_LD | BPF_H | BPF_ABS;
constexpr std::uint16_t kJumpEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr std::uint16_t kJump = BPF_JMP | BPF_JA;
constexpr std::uint16_t kReturn = BPF_RET | BPF_K;

const Program kIsIpv4{
    {kLoadHalf, 0, 0, 12}, {kJumpEqual, 0, 1, 0x0800}, {kReturn, 0, 0, 65535}, {kReturn, 0, 0, 0}};

bool chooses(const Program& program, std::uint16_t type) {
  Frame frame;
  std::memset(frame.head.data(), 0, frame.head.size());
  frame.head[12] = static_cast<std::byte>(type >> 8);
  frame.head[13] = static_cast<std::byte>(type & 0xff);
  frame.set_contiguous(60, nullptr);
  return PacketFilter::make(program).value().chooses(frame);
}

void expect_refused(const Program& program) {
  const auto made = PacketFilter::make(program);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
}

TEST(PacketFilter, ChoosesWhatTheProgramSays) {
  EXPECT_TRUE(chooses(kIsIpv4, 0x0800));
  EXPECT_FALSE(chooses(kIsIpv4, 0x0806));
}

TEST(PacketFilter, KnowsRemaindersAndExclusiveOr) {
  const auto program = [](std::uint16_t code, std::uint32_t operand, std::uint32_t wanted) {
    return Program{{kLoadHalf, 0, 0, 12},
                   {code, 0, 0, operand},
                   {kJumpEqual, 0, 1, wanted},
                   {kReturn, 0, 0, 1},
                   {kReturn, 0, 0, 0}};
  };
  EXPECT_TRUE(chooses(program(BPF_ALU | BPF_MOD | BPF_K, 7, 4), 0x0800));
  EXPECT_FALSE(chooses(program(BPF_ALU | BPF_MOD | BPF_K, 7, 4), 0x0801));
  EXPECT_TRUE(chooses(program(BPF_ALU | BPF_XOR | BPF_K, 0x0801, 1), 0x0800));
  expect_refused(program(BPF_ALU | BPF_MOD | BPF_K, 0, 0));
}

TEST(PacketFilter, NoProgramChoosesEverything) { EXPECT_TRUE(chooses({}, 0x0806)); }

TEST(PacketFilter, NothingIsBehindThePrivateCopy) {
  const Program far{{kLoadHalf, 0, 0, 5000}, {kReturn, 0, 0, 65535}};
  EXPECT_FALSE(chooses(far, 0));
}

TEST(PacketFilter, RefusesWhatMightNotEnd) {
  expect_refused({{kLoadHalf, 0, 0, 12}, {kJump, 0, 0, ~std::uint32_t{1}}, {kReturn, 0, 0, 1}});
  expect_refused({{kJump, 0, 0, 1}, {kReturn, 0, 0, 1}});  // behind the end
}

TEST(PacketFilter, RefusesWhatTheMachineCouldNotRun) {
  expect_refused({{kLoadHalf, 0, 0, 12}});                                     // no end
  expect_refused({{BPF_ST, 0, 0, BPF_MEMWORDS}, {kReturn, 0, 0, 1}});          // no such memory
  expect_refused({{BPF_ALU | BPF_DIV | BPF_K, 0, 0, 0}, {kReturn, 0, 0, 1}});  // by zero
  expect_refused({{kJumpEqual, 9, 0, 0}, {kReturn, 0, 0, 1}});
  expect_refused({{0xffff, 0, 0, 0}, {kReturn, 0, 0, 1}});
  expect_refused({{BPF_MISC | 0x40, 0, 0, 0}, {kReturn, 0, 0, 1}});  // libpcap's check has it pass
}

TEST(PacketFilter, RefusesWhatIsTooLong) {
  Program program(PacketFilter::kMostInstructions + 1, {kReturn, 0, 0, 1});
  expect_refused(program);
  program.pop_back();
  EXPECT_TRUE(PacketFilter::make(program));
}

}  // namespace
}  // namespace hpvmnet
