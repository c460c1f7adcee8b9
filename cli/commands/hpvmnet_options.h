#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command_line.h"
#include "cli/commands/backing.h"
#include "cli/commands/port_setting.h"
#include "cli/commands/vswitch_setting.h"
#include "cli/records.h"
#include "cli/result.h"

namespace hpvmnet::cli {

/// The options of hpvmnet, as the user wrote them.
struct HpvmnetOptions {
  std::optional<std::string> name;     ///< -S
  std::optional<std::string> number;   ///< -s
  std::optional<std::string> port;     ///< -p
  std::optional<std::string> setting;  ///< -u
  std::optional<std::string> backing;  ///< -n
  std::optional<std::string> clone;    ///< -N
  bool create = false;
  bool change = false;
  bool reset = false;
  bool boot = false;
  bool halt = false;
  bool remove = false;
  bool counters = false;
  bool clear = false;
  bool verbose = false;
  bool machine = false;
  bool xml = false;
  bool no_questions = false;
  bool force = false;

  void add_to(CommandLine& line);
};

/// What hpvmnet is to do.
struct HpvmnetOrder {
  enum class Action : unsigned char {
    show,
    show_ports,
    counters,
    create,
    clone,
    change,
    boot,
    halt,
    reset,
    remove,
    set_port,
    set_vswitch
  };

  Action action = Action::show;
  std::optional<v1::VswitchReference> vswitch;  ///< always there but for `show`
  std::optional<std::uint32_t> port;            ///< for show_ports and counters; none: all
  PortSetting setting;
  VswitchSetting vswitch_setting;
  std::optional<v1::Backing> backing;  ///< for create, clone, change; none: a local vswitch
  std::string clone;                   ///< for clone: the name of the new vswitch
  bool force = false;
  bool verbose = false;
  bool ask = true;
  bool clear = false;        ///< for counters: they begin anew
  std::optional<Form> form;  ///< for what shows: none: for people
};

/// Judges which options go together, and their values.
Result<HpvmnetOrder> to_order(const HpvmnetOptions& options);

}  // namespace hpvmnet::cli
