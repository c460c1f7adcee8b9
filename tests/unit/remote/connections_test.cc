#include "remote/connections.h"

#include <memory>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <sys/socket.h>

#include "control/loop.h"
#include "support/collecting_log.h"

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;

const ConnectionLimits kSoon{
    .most = 4, .unknown = 50ms, .idle = 150ms, .unread = 50ms, .check = 5ms};
const ConnectionLimits kNever{.most = 4, .unknown = 1h, .idle = 1h, .unread = 1h, .check = 5ms};
constexpr int kCall = 0;

// Both ends of a connection.
struct Pair {
  Pair() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    daemon.reset(ends[0]);
    client.reset(ends[1]);
  }
  bool is_cut() const {
    char byte = 0;
    return ::recv(client.get(), &byte, 1, 0) == 0;
  }
  Fd daemon;
  Fd client;
};

class ConnectionsTest : public testing::Test {
 protected:
  ~ConnectionsTest() override { connections_.reset(); }

  void start(const ConnectionLimits& limits) {
    connections_ = std::make_unique<Connections>(loop_, log_, limits);
  }
  // A connection from a peer who has this role, or none yet.
  std::unique_ptr<Pair> come(const std::string& peer, std::optional<Access> role = {}) {
    auto pair = std::make_unique<Pair>();
    EXPECT_TRUE(connections_->admit(pair->daemon.get(), peer));
    if (role) {
      connections_->call_began(peer, &kCall, *role);
      connections_->call_ended(peer, &kCall);
    }
    return pair;
  }
  // For one call in a test.
  void run_for(std::chrono::milliseconds time) {
    const auto end = loop_.after(time, [&] { loop_.stop(); });
    loop_.run();
  }

  Loop loop_;
  test::CollectingLog log_;
  std::unique_ptr<Connections> connections_;
};

TEST_F(ConnectionsTest, TheEndOfAConnectionMakesItsPlaceFree) {
  start(kNever);
  auto first = come("a");
  const auto second = come("b");
  EXPECT_EQ(connections_->count(), 2U);
  first->client.reset();
  run_for(20ms);
  EXPECT_EQ(connections_->count(), 1U);
  EXPECT_FALSE(second->is_cut());
}

TEST_F(ConnectionsTest, TheOldestStrangerMakesRoom) {
  start(kNever);
  const auto known = come("a", Access::look);
  const auto stranger = come("b");
  const auto other = come("c");
  const auto administrator = come("d", Access::administer);
  const auto last = come("e");
  EXPECT_TRUE(stranger->is_cut());
  for (const Pair* kept : {known.get(), other.get(), administrator.get(), last.get()}) {
    EXPECT_FALSE(kept->is_cut());
  }
  EXPECT_EQ(connections_->count(), 4U);
}

TEST_F(ConnectionsTest, WhereAllAreKnownNobodyElseComes) {
  start(kNever);
  std::vector<std::unique_ptr<Pair>> known;
  for (const char* peer : {"a", "b", "c", "d"}) known.push_back(come(peer, Access::administer));
  const Pair late;
  EXPECT_FALSE(connections_->admit(late.daemon.get(), "e"));
  for (const auto& pair : known) EXPECT_FALSE(pair->is_cut());
}

TEST_F(ConnectionsTest, ObserversLeavePlacesToAdministrators) {
  start(kNever);
  std::vector<std::unique_ptr<Pair>> observers;
  for (const char* peer : {"a", "b", "c"}) observers.push_back(come(peer, Access::look));
  for (const auto& pair : observers) EXPECT_FALSE(pair->is_cut());
  const auto one_more = come("d", Access::look);
  EXPECT_TRUE(one_more->is_cut());
}

TEST_F(ConnectionsTest, StrangersAndTheIdleAreCutInTheirTime) {
  start(kSoon);
  const auto stranger = come("a");
  const auto idle = come("b", Access::look);
  const auto busy = come("c", Access::look);
  connections_->call_began("c", &kCall, Access::look);
  const auto soon = loop_.after(100ms, [&] {
    EXPECT_TRUE(stranger->is_cut());
    EXPECT_FALSE(idle->is_cut());
  });
  run_for(250ms);
  EXPECT_TRUE(idle->is_cut());
  EXPECT_FALSE(busy->is_cut());
  EXPECT_TRUE(log_.contains("did not show in time who it is"));
}

TEST_F(ConnectionsTest, WhoDoesNotReadIsCut) {
  start(kSoon);
  const auto lazy = come("a", Access::look);
  const auto diligent = come("b", Access::look);
  for (const char* peer : {"a", "b"}) {
    connections_->call_began(peer, &kCall, Access::look);
    connections_->write_began(peer, &kCall);
  }
  connections_->write_ended("b", &kCall);
  run_for(150ms);
  EXPECT_TRUE(lazy->is_cut());
  EXPECT_FALSE(diligent->is_cut());
}

TEST_F(ConnectionsTest, ManyWhoKnockFillNoLog) {
  start(kNever);
  std::vector<std::unique_ptr<Pair>> strangers;
  for (int i = 0; i < 100; ++i) strangers.push_back(come(std::to_string(i)));
  EXPECT_EQ(connections_->count(), 4U);
  EXPECT_EQ(log_.lines(LogLevel::debug).size(), 1U);
}

TEST_F(ConnectionsTest, WhoHasGoneIsNoLongerSpokenOf) {
  start(kNever);
  connections_->call_began("nobody", &kCall, Access::administer);
  connections_->write_began("nobody", &kCall);
  connections_->write_ended("nobody", &kCall);
  connections_->call_ended("nobody", &kCall);
  EXPECT_EQ(connections_->count(), 0U);
}

}  // namespace
}  // namespace hpvmnet
