#include <chrono>
#include <cstring>
#include <thread>

#include "hpvmnet/v1/packet.grpc.pb.h"
#include "unit/rpc/served.h"

namespace hpvmnet {
namespace {

using namespace std::chrono_literals;
using grpc::StatusCode;
using testing::_;
using testing::HasSubstr;
using testing::Return;

constexpr std::uint32_t kLength = 60;

class PacketServiceTest : public ServedTest {
 protected:
  PacketServiceTest() {
    request_.mutable_vswitch()->set_name("blue");
    request_.set_ingress(true);
  }

  /// The next capture that is asked for is this one; what was asked for it is in `asked_`.
  std::shared_ptr<Capture> expect_capture() {
    CaptureRequest everything;
    everything.egress = everything.drops = true;
    auto capture = std::make_shared<Capture>(everything, 1);
    EXPECT_CALL(commands_, start_capture(IsVswitch("blue"), _))
        .WillOnce([this, capture](const VswitchName&, const CaptureRequest& asked) {
          asked_ = asked;
          return capture;
        });
    return capture;
  }

  static void offer(Capture& capture, CaptureRecord record) {
    Frame frame;
    std::memset(frame.head.data(), 7, frame.head.size());
    frame.set_contiguous(kLength, nullptr);
    capture.offer(0, record, frame);
  }

  std::string refusal() {
    Call call;
    v1::CaptureBatch batch;
    const auto reader = admin_->Capture(&call, request_);
    EXPECT_FALSE(reader->Read(&batch));
    const grpc::Status status = reader->Finish();
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
    return status.error_message();
  }

  std::unique_ptr<v1::PacketService::Stub> admin_ = administer<v1::PacketService>();
  v1::CaptureRequest request_;
  CaptureRequest asked_;
  Call call_;
};

TEST_F(PacketServiceTest, GivesFramesWithWhereTheyWereSeen) {
  const auto capture = expect_capture();
  request_.set_drops(true);
  request_.set_port(3);
  request_.set_snaplen(20);
  offer(*capture, {.time_ns = 5, .port = 3, .came_in_by = 3});
  offer(*capture, {.port = 4,
                   .came_in_by = 3,
                   .kind = CaptureRecord::Kind::drop,
                   .reason = static_cast<std::uint8_t>(Drop::no_buffer),
                   .outbound = true});
  const auto reader = admin_->Capture(&call_, request_);
  v1::CaptureBatch batch;
  while (batch.frames_size() == 0) ASSERT_TRUE(reader->Read(&batch));
  EXPECT_TRUE(asked_.ingress && asked_.drops && !asked_.egress);
  EXPECT_EQ(asked_.port, 3);
  EXPECT_EQ(asked_.longest, 20u);
  ASSERT_EQ(batch.frames_size(), 2);
  EXPECT_EQ(batch.frames(0).time_ns(), 5u);
  EXPECT_EQ(batch.frames(0).data(), std::string(kLength, 7));
  EXPECT_FALSE(batch.frames(0).has_dropped());
  EXPECT_EQ(batch.frames(1).port(), 4u);
  EXPECT_EQ(batch.frames(1).came_in_by(), 3u);
  EXPECT_TRUE(batch.frames(1).outbound());
  EXPECT_EQ(batch.frames(1).dropped().reason(), "no_buffer");
}

TEST_F(PacketServiceTest, ACaptureEndsWithItsReader) {
  const auto capture = expect_capture();
  const auto reader = admin_->Capture(&call_, request_);
  v1::CaptureBatch batch;
  ASSERT_TRUE(reader->Read(&batch));  // comes where there are no frames, too
  EXPECT_TRUE(capture->is_open());
  call_.TryCancel();
  while (capture->is_open()) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::CANCELLED);
}

TEST_F(PacketServiceTest, ACaptureEndsWithItsVswitchAndWhatIsLeftIsGiven) {
  const auto capture = expect_capture();
  offer(*capture, {.port = 3, .came_in_by = 3});
  capture->end();
  const auto reader = admin_->Capture(&call_, request_);
  v1::CaptureBatch batch;
  int frames = 0;
  while (reader->Read(&batch)) frames += batch.frames_size();
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(frames, 1);
  EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("has been deleted"));
}

TEST_F(PacketServiceTest, LossesAreToldByPort) {
  const auto capture = expect_capture();
  for (std::size_t i = 0; i < RecordRing::kSize / kLength; ++i) {
    offer(*capture, {.port = 9, .came_in_by = 9});
  }
  const auto reader = admin_->Capture(&call_, request_);
  v1::CaptureBatch batch;
  ASSERT_TRUE(reader->Read(&batch));
  ASSERT_EQ(batch.losses_size(), 1);
  EXPECT_EQ(batch.losses(0).port(), 9u);
  EXPECT_GT(batch.losses(0).frames(), 0u);
}

TEST_F(PacketServiceTest, RequestsThatMakeNoSenseAreRefusedHere) {
  request_.set_ingress(false);
  EXPECT_THAT(refusal(), HasSubstr("asks for no frames"));
  request_.set_ingress(true);
  request_.set_port(1024);
  EXPECT_THAT(refusal(), HasSubstr("1024 is no port number"));
  request_.clear_port();
  request_.add_filter()->set_code(1 << 16);
  EXPECT_THAT(refusal(), HasSubstr("no program for the classic BPF machine"));
  request_.mutable_filter(0)->set_code(0xffff);
  EXPECT_THAT(refusal(), HasSubstr("no program that can be run"));
  request_.clear_filter();
  request_.clear_vswitch();
  EXPECT_THAT(refusal(), HasSubstr("names no vswitch"));
}

TEST_F(PacketServiceTest, FramesAreForAdministrators) {
  const auto stub = look<v1::PacketService>();
  v1::CaptureBatch batch;
  const auto reader = stub->Capture(&call_, request_);
  EXPECT_FALSE(reader->Read(&batch));
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::PERMISSION_DENIED);
}

TEST_F(PacketServiceTest, ATraceIsForEverybody) {
  Trace trace;
  trace.steps = {{"parse", "60 bytes"}, {"admit", "it is dropped"}};
  trace.receivers = {{.port = 4, .change = "with no tag", .guest = "web"}};
  trace.dropped = Drop::vlan;
  trace.because = "so";
  EXPECT_CALL(commands_, trace(IsVswitch("blue"), 3, _)).WillOnce(Return(trace));
  v1::TraceRequest request;
  request.mutable_vswitch()->set_name("blue");
  request.set_port(3);
  request.set_frame(std::string(kLength, 1));
  v1::TraceResponse response;
  ASSERT_TRUE(look<v1::PacketService>()->Trace(&call_, request, &response).ok());
  ASSERT_EQ(response.steps_size(), 2);
  EXPECT_EQ(response.steps(1).text(), "it is dropped");
  ASSERT_EQ(response.receivers_size(), 1);
  EXPECT_EQ(response.receivers(0).guest(), "web");
  EXPECT_EQ(response.dropped().reason(), "vlan");
  EXPECT_EQ(response.because(), "so");
}

}  // namespace
}  // namespace hpvmnet
