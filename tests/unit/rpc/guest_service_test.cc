#include <string>
#include <vector>

#include "hpvmnet/v1/guest.grpc.pb.h"
#include "unit/rpc/served.h"

namespace hpvmnet {
namespace {

using grpc::StatusCode;
using testing::_;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::InSequence;
using testing::Return;
using testing::SizeIs;

GuestStatus guest(const std::string& name) {
  GuestStatus status;
  status.guest.name = name;
  return status;
}

class GuestServiceTest : public ServedTest {
 protected:
  std::unique_ptr<v1::GuestService::Stub> admin_ = administer<v1::GuestService>();
  std::unique_ptr<v1::GuestService::Stub> reader_ = look<v1::GuestService>();
  Call call_;
  v1::Guest guest_;
};

TEST_F(GuestServiceTest, ListAndGetAreForReadersToo) {
  EXPECT_CALL(commands_, guests()).WillOnce(Return(std::vector{guest("g"), guest("h")}));
  EXPECT_CALL(commands_, guest("h")).WillOnce(Return(guest("h")));
  v1::ListGuestsResponse all;
  ASSERT_TRUE(reader_->ListGuests(&call_, {}, &all).ok());
  EXPECT_EQ(all.guests_size(), 2);
  v1::GetGuestRequest request;
  request.set_name("h");
  Call second;
  ASSERT_TRUE(reader_->GetGuest(&second, request, &guest_).ok());
  EXPECT_EQ(guest_.name(), "h");
}

TEST_F(GuestServiceTest, CreateHandsOverTheVnicsAndAnswersWithTheGuest) {
  GuestStatus made = guest("g");
  made.warnings = {"vswitch 'blue' is down"};
  EXPECT_CALL(commands_, create_guest("g", ElementsAre(Field(&VnicRequest::vswitch, "blue"))))
      .WillOnce(Return(made));
  v1::CreateGuestRequest request;
  request.set_name("g");
  request.add_vnics()->set_vswitch("blue");
  ASSERT_TRUE(admin_->CreateGuest(&call_, request, &guest_).ok());
  EXPECT_EQ(guest_.name(), "g");
  EXPECT_THAT(guest_.warnings(), ElementsAre("vswitch 'blue' is down"));
}

TEST_F(GuestServiceTest, CloneHandsOverTheChange) {
  EXPECT_CALL(commands_, clone_guest("g", "h",
                                     AllOf(Field(&GuestChange::remove, SizeIs(1)),
                                           Field(&GuestChange::modify, SizeIs(2)),
                                           Field(&GuestChange::add, SizeIs(3)))))
      .WillOnce(Return(guest("h")));
  v1::CloneGuestRequest request;
  request.set_source("g");
  request.set_name("h");
  for (int i = 0; i < 1; ++i) request.add_remove();
  for (int i = 0; i < 2; ++i) request.add_modify();
  for (int i = 0; i < 3; ++i) request.add_add();
  ASSERT_TRUE(admin_->CloneGuest(&call_, request, &guest_).ok());
  EXPECT_EQ(guest_.name(), "h");
}

TEST_F(GuestServiceTest, AFailedChangeTellsWhy) {
  EXPECT_CALL(commands_, create_guest("g", _))
      .WillOnce(Return(tl::unexpected(Error{ErrorCode::already_exists, "guest \"g\" exists"})));
  v1::CreateGuestRequest request;
  request.set_name("g");
  const grpc::Status status = admin_->CreateGuest(&call_, request, &guest_);
  EXPECT_EQ(status.error_code(), StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(status.error_message(), "guest \"g\" exists");
}

TEST_F(GuestServiceTest, ModifyHandsOverTheWholeChange) {
  EXPECT_CALL(commands_, modify_guest("g",
                                      AllOf(Field(&GuestChange::remove, SizeIs(1)),
                                            Field(&GuestChange::modify, SizeIs(2)),
                                            Field(&GuestChange::add, SizeIs(3))),
                                      Manner{.force = true, .dry_run = true}))
      .WillOnce(Return(guest("g")));
  v1::ModifyGuestRequest request;
  request.set_name("g");
  request.set_force(true);
  request.set_dry_run(true);
  for (int i = 0; i < 1; ++i) request.add_remove();
  for (int i = 0; i < 2; ++i) request.add_modify();
  for (int i = 0; i < 3; ++i) request.add_add();
  EXPECT_TRUE(admin_->ModifyGuest(&call_, request, &guest_).ok());
}

TEST_F(GuestServiceTest, RemoveKnowsForce) {
  const InSequence order;
  EXPECT_CALL(commands_, remove_guest("g", false)).WillOnce(Return(Status()));
  EXPECT_CALL(commands_, remove_guest("g", true)).WillOnce(Return(Status()));
  v1::RemoveGuestRequest request;
  v1::RemoveGuestResponse response;
  request.set_name("g");
  EXPECT_TRUE(admin_->RemoveGuest(&call_, request, &response).ok());
  request.set_force(true);
  Call second;
  EXPECT_TRUE(admin_->RemoveGuest(&second, request, &response).ok());
}

TEST_F(GuestServiceTest, AttachmentIsForReadersToo) {
  const auto wanted = AllOf(Field(&AttachmentRequest::hypervisor, Hypervisor::qemu),
                            Field(&AttachmentRequest::memory_mib, 2048U),
                            Field(&AttachmentRequest::emulated, true));
  EXPECT_CALL(commands_, attachment("g", wanted))
      .WillOnce(Return(Attachment{{"-netdev", "stream"}, "<domain/>", {"down"}}));
  v1::DescribeAttachmentRequest request;
  request.set_name("g");
  request.set_memory_mib(2048);
  request.set_emulated(true);
  request.set_hypervisor(v1::DescribeAttachmentRequest::HYPERVISOR_QEMU);
  v1::DescribeAttachmentResponse response;
  ASSERT_TRUE(reader_->DescribeAttachment(&call_, request, &response).ok());
  EXPECT_THAT(response.arguments(), ElementsAre("-netdev", "stream"));
  EXPECT_EQ(response.text(), "<domain/>");
  EXPECT_THAT(response.warnings(), ElementsAre("down"));
}

TEST_F(GuestServiceTest, EveryChangeIsRefusedToReaders) {
  const auto expect_denied = [](const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED);
    EXPECT_THAT(status.error_message(), HasSubstr("control.sock"));
  };
  Call calls[4];
  expect_denied(reader_->CreateGuest(&calls[0], {}, &guest_));
  expect_denied(reader_->ModifyGuest(&calls[1], {}, &guest_));
  expect_denied(reader_->CloneGuest(&calls[3], {}, &guest_));
  v1::RemoveGuestResponse removed;
  expect_denied(reader_->RemoveGuest(&calls[2], {}, &removed));
}

}  // namespace
}  // namespace hpvmnet
