#include <gmock/gmock.h>

#include "avio_lan/adaptor.h"
#include "support/frame_builder.h"
#include "support/test_guest.h"
#include "support/test_switch.h"

namespace hpvmnet {
namespace {

using std::chrono_literals::operator""s;

/// Two guests of which one speaks to the other.
class ClearCounters : public testing::Test {
 protected:
  void speak() {
    ASSERT_TRUE(one_.send(test::numbered_frame(test::test_mac(2), test::test_mac(1), ++sent_)));
    ASSERT_TRUE(two_.receive(5s));
    ASSERT_TRUE(test::eventually([&] { return hub_.counters(1).ingress_frames == sent_; }));
  }
  Result<VswitchStatus> clear(std::optional<std::uint32_t> port) {
    return hub_.command(
        [&](Commands& commands) { return commands.clear_counters({kLocalnet}, port); });
  }
  std::optional<std::uint64_t> cleared(unsigned port) {
    const auto counters = hub_.port(port).cleared;
    return counters ? std::optional(counters->ingress_frames + counters->egress_frames)
                    : std::nullopt;
  }

  test::TestSwitch hub_{{.adaptors = {std::make_shared<avio_lan::AvioAdaptor>()}}};
  test::TestGuest one_{hub_.add_port(1, "avio_lan")};
  test::TestGuest two_{hub_.add_port(2, "avio_lan")};
  std::uint64_t sent_ = 0;
};

TEST_F(ClearCounters, NotesThemAndLetsThemGoOn) {
  speak();
  EXPECT_EQ(cleared(1), std::nullopt);
  const auto shown = clear({});
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->ports[0].counters.ingress_frames, 1U);
  EXPECT_EQ(shown->ports[0].cleared, std::nullopt) << "it is shown as it was before";
  EXPECT_EQ(cleared(1), 1U);
  EXPECT_EQ(cleared(2), 1U);
  speak();
  EXPECT_EQ(hub_.counters(1).ingress_frames, 2U);
  EXPECT_EQ(cleared(1), 1U);
}

TEST_F(ClearCounters, OfOnePort) {
  speak();
  ASSERT_TRUE(clear(1));
  EXPECT_EQ(cleared(1), 1U);
  EXPECT_EQ(cleared(2), std::nullopt);
  ASSERT_TRUE(clear(500)) << "a port that nobody uses";
  const auto refused = clear(512);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
}

TEST_F(ClearCounters, APortThatIsOpenedAnewBeginsAnew) {
  speak();
  ASSERT_TRUE(clear({}));
  hub_.remove_port(1);
  hub_.add_port(1, "avio_lan");
  EXPECT_EQ(cleared(1), std::nullopt);
}

}  // namespace
}  // namespace hpvmnet
