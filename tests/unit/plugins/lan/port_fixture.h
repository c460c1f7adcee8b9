#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frame/burst.h"
#include "lan/adaptor.h"
#include "support/bytes.h"
#include "support/frame_builder.h"
#include "support/lan_peer.h"
#include "support/temporary_directory.h"
#include "unit/plugins/lan/fake_host.h"

namespace hpvmnet::test {

/// A frame to send, with its memory. `pieces` divides what follows the head into that many parts.
class LentFrame {
 public:
  explicit LentFrame(Bytes bytes, std::size_t pieces = 1);
  const Frame& frame() const { return *frame_; }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  std::vector<Part> parts_;
  std::unique_ptr<Frame> frame_;
};

/// The bytes of a frame, as a receiver would get them.
Bytes content(const Frame& frame);

Bytes test_frame(std::uint64_t number, std::size_t length = kShortestFrame);

std::uint64_t drops(const Tally& tally, Drop reason);

/// A port of the lan adaptor, with the test in the place of the worker and the control thread.
class LanPortTest : public testing::Test {
 protected:
  LanPortTest() { open(); }

  void open();
  void close() { port_.reset(); }
  std::filesystem::path path(const std::string& name) const { return directory_.path() / name; }

  /// One burst, or none when the port has nothing.
  std::vector<Bytes> receive();
  void send(const std::vector<Bytes>& frames);
  std::vector<std::string> warnings() { return host_.log().lines(LogLevel::warning); }

  TemporaryDirectory directory_;
  PortSpec spec_{.vswitch = "blue", .number = 7, .directory = directory_.path()};
  FakeHost host_;
  lan::LanAdaptor adaptor_;
  std::unique_ptr<Port> port_;
  Tally tally_;
  Burst burst_;
};

}  // namespace hpvmnet::test
