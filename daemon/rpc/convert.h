#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/plugin_status.h"
#include "base/result.h"
#include "control/commands.h"
#include "control/edit.h"
#include "control/status.h"
#include "hpvmnet/v1/daemon.pb.h"
#include "hpvmnet/v1/guest.pb.h"
#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet {

// The contract's messages and the daemon's values, one into the other. What is judged here is
// whether a request can be read at all; whether it makes sense is for the commands.

struct PortQueuePairsArguments {
  VswitchName vswitch;
  std::uint32_t port = 0;
  std::uint32_t queue_pairs = 0;
};
struct MulticastArguments {
  VswitchName vswitch;
  MulticastPolicy policy = MulticastPolicy::snoop;
};
struct FiltersArguments {
  VswitchName vswitch;
  std::vector<FilterSettings> filters;
};
struct MirrorArguments {
  VswitchName vswitch;
  std::optional<MirrorSettings> mirror;
};
struct PortRingsArguments {
  VswitchName vswitch;
  std::uint32_t port = 0;
  bool packed = false;
};
struct PortVlanArguments {
  VswitchName vswitch;
  std::uint32_t port = 0;
  std::optional<std::uint32_t> vlan;
};
struct PortChangeArguments {
  VswitchName vswitch;
  std::uint32_t port = 0;
  PortChange change;
};
struct CreateVswitchArguments {
  std::string name;
  std::optional<BackingRequest> backing;
  bool force = false;
};
struct BackingArguments {
  VswitchName vswitch;
  std::optional<BackingRequest> backing;
  bool force = false;
};
struct CloneVswitchArguments {
  VswitchName source;
  std::string name;
  std::optional<BackingRequest> backing;
  bool force = false;
};
struct ClearCountersArguments {
  VswitchName vswitch;
  std::optional<std::uint32_t> port;
};
struct PortTrunkArguments {
  VswitchName vswitch;
  std::uint32_t port = 0;
  std::string trunk;
};
struct CreateGuestArguments {
  std::string name;
  std::vector<VnicRequest> vnics;
};
struct ModifyGuestArguments {
  std::string name;
  GuestChange change;
  Manner manner;
};
struct CloneGuestArguments {
  std::string source;
  std::string name;
  GuestChange change;
};
struct RemoveGuestArguments {
  std::string name;
  bool force = false;
};

struct AttachmentArguments {
  std::string guest;
  AttachmentRequest attachment;
};

/// A name that must be there. `kind`: of what, for the message.
Result<std::string> read_name(const char* kind, const std::string& name);

/// The backing interface of a request; none where it has none.
template <class Request>
std::optional<BackingRequest> read_backing(const Request& request) {
  if (!request.has_backing()) return std::nullopt;
  const v1::Backing& backing = request.backing();
  BackingRequest read{backing.interface(), backing.mode(), {}};
  if (backing.has_vlan_id()) read.vlan = backing.vlan_id();
  return read;
}

/// `invalid_argument` where it is none that is known.
Result<MulticastPolicy> from_proto(v1::Vswitch::Multicast policy);
/// `invalid_argument` where it names nothing.
Result<VswitchName> from_proto(const v1::VswitchReference& reference);
Result<VnicRequest> from_proto(const v1::VnicRequest& request);
Result<PortVlanArguments> from_proto(const v1::SetPortVlanRequest& request);
/// `invalid_argument` where the rings are none that are known.
Result<PortChangeArguments> from_proto(const v1::SetPortRequest& request);
Result<PortTrunkArguments> from_proto(const v1::SetPortTrunkRequest& request);
Result<PortQueuePairsArguments> from_proto(const v1::SetPortQueuePairsRequest& request);
/// `invalid_argument` where the rings are none that are known.
Result<PortRingsArguments> from_proto(const v1::SetPortRingsRequest& request);
/// `invalid_argument` where the policy is none that is known.
Result<MulticastArguments> from_proto(const v1::SetVswitchMulticastRequest& request);
Result<FiltersArguments> from_proto(const v1::SetVswitchFiltersRequest& request);
Result<MirrorArguments> from_proto(const v1::SetVswitchMirrorRequest& request);
Result<MirrorSettings> from_proto(const v1::Mirror& mirror);
FilterSettings from_proto(const v1::Filter& filter);
/// `invalid_argument` where a number is too large. What the program does is not judged.
Result<std::vector<FilterInstruction>> from_proto(
    const google::protobuf::RepeatedPtrField<v1::BpfInstruction>& program);
void to_proto(const MirrorSettings& from, v1::Mirror& to);
Result<CreateVswitchArguments> from_proto(const v1::CreateVswitchRequest& request);
Result<BackingArguments> from_proto(const v1::SetVswitchBackingRequest& request);
Result<CloneVswitchArguments> from_proto(const v1::CloneVswitchRequest& request);
Result<ClearCountersArguments> from_proto(const v1::ClearCountersRequest& request);
Result<std::string> from_proto(const v1::GetGuestRequest& request);
Result<CreateGuestArguments> from_proto(const v1::CreateGuestRequest& request);
Result<CloneGuestArguments> from_proto(const v1::CloneGuestRequest& request);
Result<ModifyGuestArguments> from_proto(const v1::ModifyGuestRequest& request);
Result<RemoveGuestArguments> from_proto(const v1::RemoveGuestRequest& request);
/// `invalid_argument` where the hypervisor is none that is known.
Result<AttachmentArguments> from_proto(const v1::DescribeAttachmentRequest& request);

void to_proto(const PortCounters& from, v1::PortCounters& to);
v1::Vswitch::Multicast to_proto(MulticastPolicy policy);
void to_proto(const VswitchStatus& from, v1::Vswitch& to);
/// Without their ports.
void to_proto(const std::vector<VswitchStatus>& from, v1::ListVswitchesResponse& to);
void to_proto(const std::vector<PluginStatus>& from, v1::ListPluginsResponse& to);
void to_proto(const PortStatus& from, v1::Port& to);
void to_proto(const MacEntry& from, v1::MacAddressEntry& to);
void to_proto(const GuestStatus& from, v1::Guest& to);
void to_proto(const std::vector<GuestStatus>& from, v1::ListGuestsResponse& to);
void to_proto(const Attachment& from, v1::DescribeAttachmentResponse& to);

}  // namespace hpvmnet
