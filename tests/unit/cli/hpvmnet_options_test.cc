#include "cli/commands/hpvmnet_options.h"

#include <gmock/gmock.h>

#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

TEST(HpvmnetOptions, OneThingAtATime) {
  EXPECT_EQ(refusal({"-c", "-b", "-S", "a"}),
            "hpvmnet: ERROR: -c and -b are two different things to do; use hpvmnet once for "
            "each.\n");
  EXPECT_EQ(refusal({"-A", "-u", "portid:1:vlanid:2", "-S", "a"}),
            "hpvmnet: ERROR: -u and -A are two different things to do; use hpvmnet once for "
            "each.\n");
  EXPECT_EQ(refusal({"-hdS", "a"}),
            "hpvmnet: ERROR: -h and -d are two different things to do; use hpvmnet once for "
            "each.\n");
}

TEST(HpvmnetOptions, OneVswitch) {
  EXPECT_EQ(refusal({"-S", "a", "-s", "1"}),
            "hpvmnet: ERROR: -S and -s both say which vswitch is meant; give one of them.\n");
  for (const char* option : {"-b", "-h", "-d", "-A"}) {
    EXPECT_EQ(refusal({option}), "hpvmnet: ERROR: " + std::string(option) +
                                     " needs a vswitch: -S NAME or -s NUMBER; 'hpvmnet' lists "
                                     "them.\n");
  }
  EXPECT_EQ(refusal({"-p", "1"}),
            "hpvmnet: ERROR: -p needs a vswitch: -S NAME or -s NUMBER; 'hpvmnet' lists them.\n");
  EXPECT_EQ(
      refusal({"-c", "-s", "3"}),
      "hpvmnet: ERROR: -c needs a name for the new vswitch: -S NAME; its number is chosen.\n");
  EXPECT_EQ(refusal({"-S", ""}), "hpvmnet: ERROR: the name of the vswitch is empty.\n");
  EXPECT_EQ(refusal({"-s", "one"}),
            "hpvmnet: ERROR: -s 'one' is not the number of a vswitch; 'hpvmnet' lists them.\n");
  EXPECT_EQ(refusal({"-S", "a\xff\x1b"}),
            "hpvmnet: ERROR: 'a?\?' cannot be the name of a vswitch: names are letters, digits, "
            "'.', '_' and '-'.\n");
}

TEST(HpvmnetOptions, WhatShowsDoesNotGoWithWhatChanges) {
  EXPECT_EQ(refusal({"-b", "-S", "a", "-p", "1"}),
            "hpvmnet: ERROR: -p only shows ports, so it does not go with -b; leave it out (-u "
            "names the port that it changes itself).\n");
  EXPECT_EQ(refusal({"-VbS", "a"}),
            "hpvmnet: ERROR: -V only shows, so it does not go with -b; use 'hpvmnet -V' "
            "afterwards.\n");
}

TEST(HpvmnetOptions, BackingsAreGivenToVswitches) {
  EXPECT_EQ(refusal({"-b", "-S", "a", "-n", "eth1"}),
            "hpvmnet: ERROR: -n gives a new vswitch its backing interface, with -c, or another one "
            "to a vswitch that exists, with -C; it does not go with -b.\n");
  EXPECT_THAT(refusal({"-n", "eth1"}), testing::HasSubstr("-c -S NAME -n INTERFACE"));
  EXPECT_THAT(refusal({"-N", "b"}), testing::HasSubstr("-C -S OTHER -N NAME"));
  EXPECT_EQ(refusal({"-C", "-S", "a"}),
            "hpvmnet: ERROR: -C needs the new backing interface: -n INTERFACE, or -n none; or the "
            "name of a new vswitch with the same settings: -N NAME.\n");
  EXPECT_EQ(refusal({"-c", "-S", "a", "-n", ""}),
            "hpvmnet: ERROR: -n : column 1: expected the name of an interface, or none.\n");
  EXPECT_EQ(refusal({"-c", "-S", "a", "-n", "eth1:vlan:5"}),
            "hpvmnet: ERROR: -n eth1:vlan:5: column 6: expected 'vlanid' or 'mode', not 'vlan'.\n");
  EXPECT_EQ(refusal({"-c", "-S", "a", "-n", "eth1:mode:"}),
            "hpvmnet: ERROR: -n eth1:mode:: column 11: expected a mode, as in mode:auto.\n");
  EXPECT_EQ(refusal({"-c", "-S", "a", "-n", "eth1:vlanid:0"}),
            "hpvmnet: ERROR: -n eth1:vlanid:0: column 13: '0' is not a VLAN id of a network; 1 to "
            "4094.\n");
}

TEST(HpvmnetOptions, PortsHaveNumbers) {
  for (const char* port : {"512", "-1", "x", "", "ALL"}) {
    EXPECT_EQ(refusal({"-S", "a", "-p", port}),
              "hpvmnet: ERROR: -p '" + std::string(port) + "' is not a port; 0 to 511, or all.\n");
  }
}

TEST(HpvmnetOptions, VlansAreSetByResource) {
  EXPECT_EQ(refusal({"-S", "a", "-u", "portid:1:vlanid:4095"}),
            "hpvmnet: ERROR: -u portid:1:vlanid:4095: column 17: '4095' is not a VLAN id; 0 to "
            "4094, or none.\n");
}

}  // namespace
}  // namespace hpvmnet::cli
