#include <optional>

#include <endian.h>
#include <sys/socket.h>

#include "support/unix_address.h"
#include "unit/plugins/lan/port_fixture.h"

namespace hpvmnet::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The program that a port connects to.
class Listener {
 public:
  explicit Listener(std::filesystem::path path)
      : path_(std::move(path)),
        socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const auto address = unix_address(path_);
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    EXPECT_EQ(::listen(socket_.get(), 1), 0);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { std::filesystem::remove(path_); }

  /// The connection that waits, if one does.
  std::optional<LanPeer> accept() {
    Fd connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection) return std::nullopt;
    return LanPeer(PeerSocket(std::move(connection)));
  }

 private:
  const std::filesystem::path path_;
  Fd socket_;
};

class ConnectingPortTest : public LanPortTest {
 protected:
  ConnectingPortTest() {
    close();
    spec_.endpoint = path("peer");
  }

  /// A worker's visit, and what the control thread makes of it.
  void visit() {
    EXPECT_THAT(receive(), IsEmpty());
    host_.fake_loop().look();
  }
};

TEST_F(ConnectingPortTest, connects_to_who_listens_already) {
  Listener listener(path("peer"));
  open();
  auto peer = listener.accept();
  ASSERT_TRUE(peer);
  EXPECT_TRUE(host_.peer_present);
  EXPECT_TRUE(host_.log().contains("guest attached (process"));
  EXPECT_TRUE(host_.log().contains("stream to " + spec_.endpoint));
  ASSERT_TRUE(peer->send(test_frame(1)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
  send({test_frame(2, 1514)});
  EXPECT_EQ(peer->receive(5s), test_frame(2, 1514));
}

TEST_F(ConnectingPortTest, makes_no_socket_of_its_own) {
  open();
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
}

TEST_F(ConnectingPortTest, tries_each_second_while_nobody_is_there_and_says_so_once) {
  open();
  for (int second = 0; second < 100; ++second) host_.fake_loop().pass(1s);
  EXPECT_FALSE(host_.peer_present);
  EXPECT_FALSE(host_.wakes);
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("cannot connect to " + spec_.endpoint +
                                                ": No such file or directory")));
  Listener listener(path("peer"));
  host_.fake_loop().pass(999ms);
  EXPECT_FALSE(listener.accept());
  host_.fake_loop().pass(1ms);
  EXPECT_TRUE(listener.accept());
  EXPECT_TRUE(host_.peer_present);
  EXPECT_EQ(warnings().size(), 1U);
}

TEST_F(ConnectingPortTest, connects_again_when_the_peer_has_left) {
  {
    Listener listener(path("peer"));
    open();
    auto peer = listener.accept();
    ASSERT_TRUE(peer);
    host_.fake_loop().pass(1s);
  }
  visit();
  EXPECT_FALSE(host_.peer_present);
  EXPECT_FALSE(host_.wakes);
  EXPECT_TRUE(host_.log().contains("guest detached: it closed the connection"));
  host_.fake_loop().pass(1s);
  EXPECT_EQ(warnings().size(), 1U) << "nobody is there";

  Listener listener(path("peer"));
  host_.fake_loop().pass(1s);
  auto peer = listener.accept();
  ASSERT_TRUE(peer);
  ASSERT_TRUE(peer->send(test_frame(1)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
}

TEST_F(ConnectingPortTest, half_a_frame_of_the_former_peer_is_not_seen_of_the_next) {
  Listener listener(path("peer"));
  open();
  {
    auto peer = listener.accept();
    ASSERT_TRUE(peer);
    ASSERT_TRUE(peer->socket().send(bytes_of(htobe32(60U))));
    ASSERT_TRUE(peer->socket().send(Bytes(30)));
    EXPECT_THAT(receive(), IsEmpty());
  }
  visit();
  host_.fake_loop().pass(1s);
  auto next = listener.accept();
  ASSERT_TRUE(next);
  ASSERT_TRUE(next->send(test_frame(1)));
  EXPECT_THAT(receive(), ElementsAre(test_frame(1)));
}

TEST_F(ConnectingPortTest, a_peer_that_breaks_the_rules_loses_the_connection) {
  Listener listener(path("peer"));
  open();
  auto peer = listener.accept();
  ASSERT_TRUE(peer);
  ASSERT_TRUE(peer->socket().send(bytes_of(htobe32(0xfffffff0U))));
  visit();
  EXPECT_TRUE(peer->socket().wait_closed(5s));
  EXPECT_FALSE(host_.peer_present);
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("it announced a frame of 4294967280 bytes")));
}

TEST_F(ConnectingPortTest, a_peer_that_closes_at_once_is_tried_ever_more_rarely) {
  Listener listener(path("peer"));
  open();
  int connections = 0;
  const auto pass = [&](int seconds) {
    connections = 0;
    for (int second = 0; second < seconds; ++second) {
      if (listener.accept()) {
        ++connections;
        visit();
      }
      host_.fake_loop().pass(1s);
    }
  };
  pass(600);
  EXPECT_GT(connections, 10);
  EXPECT_LT(connections, 20);
  pass(640);
  EXPECT_EQ(connections, 10) << "64 seconds apart";
}

TEST_F(ConnectingPortTest, a_connection_that_has_lasted_is_made_again_within_a_second) {
  Listener listener(path("peer"));
  open();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(listener.accept());
    visit();
    for (int second = 0; second < 64; ++second) host_.fake_loop().pass(1s);
  }
  auto lasting = listener.accept();
  ASSERT_TRUE(lasting);
  host_.fake_loop().pass(1s);
  lasting.reset();
  visit();
  host_.fake_loop().pass(1s);
  EXPECT_TRUE(listener.accept());
}

TEST_F(ConnectingPortTest, closes_the_connection_with_the_port) {
  Listener listener(path("peer"));
  open();
  auto peer = listener.accept();
  ASSERT_TRUE(peer);
  close();
  EXPECT_TRUE(peer->socket().wait_closed(5s));
  EXPECT_TRUE(std::filesystem::exists(path("peer"))) << "it is the peer's";
}

}  // namespace
}  // namespace hpvmnet::test
