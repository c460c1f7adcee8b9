#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "control/commands.h"

namespace hpvmnet {

class MockCommands : public Commands {
 public:
  MOCK_METHOD(Survey, survey, (), (const, override));
  MOCK_METHOD(std::vector<VswitchStatus>, vswitches, (), (const, override));
  MOCK_METHOD(Result<VswitchStatus>, vswitch, (const VswitchName&), (const, override));
  MOCK_METHOD(Status, create_vswitch,
              (const std::string& name, const std::optional<BackingRequest>& backing, bool force),
              (override));
  MOCK_METHOD(Status, clone_vswitch,
              (const VswitchName& source, const std::string& name,
               const std::optional<BackingRequest>& backing, bool force),
              (override));
  MOCK_METHOD(Result<VswitchStatus>, clear_counters,
              (const VswitchName&, std::optional<std::uint32_t>), (override));
  MOCK_METHOD(Status, delete_vswitch, (const VswitchName&), (override));
  MOCK_METHOD(Status, set_vswitch_up, (const VswitchName&, bool), (override));
  MOCK_METHOD(Status, set_port_queue_pairs, (const VswitchName&, std::uint32_t, std::uint32_t),
              (override));
  MOCK_METHOD(Status, set_port_rings, (const VswitchName&, std::uint32_t, bool), (override));
  MOCK_METHOD(Status, set_multicast_policy, (const VswitchName&, MulticastPolicy), (override));
  MOCK_METHOD(Status, set_filters, (const VswitchName&, const std::vector<FilterSettings>&),
              (override));
  MOCK_METHOD(Status, set_mirror, (const VswitchName&, const std::optional<MirrorSettings>&),
              (override));
  MOCK_METHOD(std::vector<PluginStatus>, plugins, (), (const, override));
  MOCK_METHOD(Status, set_backing,
              (const VswitchName& which, const std::optional<BackingRequest>& backing, bool force),
              (override));
  MOCK_METHOD(Status, reset_vswitch, (const VswitchName& which), (override));
  MOCK_METHOD(Status, set_port_trunk,
              (const VswitchName& which, std::uint32_t port, const std::string& trunk), (override));
  MOCK_METHOD(Status, set_port_vlan,
              (const VswitchName&, std::uint32_t, std::optional<std::uint32_t>), (override));
  MOCK_METHOD(Status, change_port, (const VswitchName&, std::uint32_t, const PortChange&),
              (override));
  MOCK_METHOD(Configuration, configuration, (), (const, override));
  MOCK_METHOD(Result<ConfigurationPlan>, plan_configuration, (const Configuration&, bool),
              (const, override));
  MOCK_METHOD(Result<ConfigurationPlan>, apply_configuration, (const Configuration&, bool),
              (override));
  MOCK_METHOD(Result<std::vector<MacEntry>>, mac_table, (const VswitchName&), (const, override));
  MOCK_METHOD(std::vector<GuestStatus>, guests, (), (const, override));
  MOCK_METHOD(Result<GuestStatus>, guest, (const std::string&), (const, override));
  MOCK_METHOD(Result<GuestStatus>, create_guest,
              (const std::string&, const std::vector<VnicRequest>&), (override));
  MOCK_METHOD(Result<GuestStatus>, clone_guest,
              (const std::string&, const std::string&, const GuestChange&), (override));
  MOCK_METHOD(Result<GuestStatus>, modify_guest, (const std::string&, const GuestChange&, Manner),
              (override));
  MOCK_METHOD(Status, remove_guest, (const std::string&, bool), (override));
  MOCK_METHOD(Result<Attachment>, attachment, (const std::string&, const AttachmentRequest&),
              (const, override));
  MOCK_METHOD(Result<std::shared_ptr<Capture>>, start_capture, (const VswitchName&, CaptureRequest),
              (override));
  MOCK_METHOD(Result<Trace>, trace,
              (const VswitchName&, std::uint32_t port, std::span<const std::byte> frame),
              (const, override));
  MOCK_METHOD(const EventJournal&, events, (), (const, override));
  MOCK_METHOD(std::vector<WorkerStatus>, workers, (), (const, override));
  MOCK_METHOD(std::vector<VswitchTraffic>, traffic, (const std::vector<std::string>&),
              (const, override));
};

MATCHER_P(IsVswitch, name, "") { return arg.name == name; }
MATCHER_P(IsVswitchNumber, number, "") { return arg.name.empty() && arg.number == number; }

}  // namespace hpvmnet
