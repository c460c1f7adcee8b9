#include "cli/yaml/import.h"

#include <gmock/gmock.h>

#include "cli/yaml/export.h"
#include "unit/cli/fake_daemon.h"

namespace hpvmnet::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(const std::string& text) {
  const auto read = import_yaml(text, "net.yaml", true);
  if (read) return "no error";
  EXPECT_EQ(read.error().kind, Error::Kind::usage);
  return read.error().text;
}

v1::Configuration without_sources(v1::Configuration configuration) {
  for (auto& vswitch : *configuration.mutable_vswitches()) {
    vswitch.clear_source();
    if (vswitch.has_mirror()) vswitch.mutable_mirror()->clear_program();
    for (auto& port : *vswitch.mutable_ports()) port.clear_source();
  }
  for (auto& guest : *configuration.mutable_guests()) guest.clear_source();
  return configuration;
}

TEST(Import, ReadsAllThatCanBeSaid) {
  const auto read = import_yaml(R"(
guests:
  on: {vnics: [{vswitch: prod, port: 3, mac: "02:AA:bb:cc:dd:ee", bus: 1, device: 2}]}
  old:
    vnics:
      - {vswitch: localnet, adaptor: lan, endpoint: /x}
vswitches:
  prod:
    up: no
    backing: {interface: eth1, vlan: 20, mode: xdp}
    multicast: strict
    filters: ['a(x, (y))', b]
    mirror: {to: 7, from: [1, uplink], filter: vlan}
    ports:
      3: {vlan: 0, trunk: [10, 20-29], queues: 2, rings: packed}
      4: {vlan: none, trunk: all}
  "123": {backing: eth2, filters: none, mirror: none}
  lab: {filters: c, mirror: {to: 0, direction: both}}
)",
                                "net.yaml", true);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->vswitches(0).source(), "net.yaml:8:3");
  EXPECT_EQ(read->vswitches(0).ports(1).source(), "net.yaml:16:7");
  EXPECT_EQ(read->guests(1).source(), "net.yaml:4:3");
  EXPECT_GT(read->vswitches(0).mirror().program_size(), 0);
  EXPECT_EQ(without_sources(*read).ShortDebugString(), message<v1::Configuration>(R"(
    vswitches { name: 'prod' down: true backing { interface: 'eth1' mode: 'xdp' vlan_id: 20 }
      multicast: MULTICAST_STRICT
      filters { name: 'a' arguments: 'x, (y)' } filters { name: 'b' }
      mirror { port: 7 sources: [1, 512] ingress: true egress: true filter: 'vlan' }
      ports { number: 3 vlan_id: 0 trunk: '10,20-29' queue_pairs: 2 rings: RINGS_PACKED }
      ports { number: 4 trunk: 'all' } }
    vswitches { name: '123' backing { interface: 'eth2' } }
    vswitches { name: 'lab' filters { name: 'c' }
      mirror { port: 0 ingress: true egress: true } }
    guests { name: 'on' vnics { adaptor: 'avio_lan' bus: 1 device: 2
      mac_address: '02-aa-bb-cc-dd-ee' vswitch: 'prod' port: 3 } }
    guests { name: 'old' vnics { adaptor: 'lan' vswitch: 'localnet' endpoint: '/x' } })")
                                                           .ShortDebugString());
  const auto again = import_yaml(export_yaml(*read), "again", true);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(without_sources(*again).ShortDebugString(), without_sources(*read).ShortDebugString());
}

TEST(Import, ErrorsNameThePlaceAndTheWayOut) {
  EXPECT_EQ(error_of("vswitch: {}"),
            "net.yaml:1:1: a configuration has no 'vswitch'; did you mean 'vswitches'?");
  EXPECT_EQ(error_of("vswitchs: {}"),
            "net.yaml:1:1: a configuration has no 'vswitchs'; did you mean 'vswitches'?");
  EXPECT_EQ(error_of("vswitches:\n  a: {backign: x}"),
            "net.yaml:2:7: a vswitch has no 'backign'; did you mean 'backing'?");
  EXPECT_THAT(error_of("vswitches: {a: {up: maybe}}"), StartsWith("net.yaml:1:21: 'up' is true"));
  EXPECT_THAT(error_of("vswitches: {a: {ports: {512: {}}}}"),
              StartsWith("net.yaml:1:25: '512' is not a port; 0 to 511"));
  EXPECT_THAT(error_of("vswitches: {a: {ports: {1: {vlan: 4095}}}}"), HasSubstr("0 to 4094"));
  EXPECT_THAT(error_of("vswitches: {a: {ports: {1: {queues: 0}}}}"), HasSubstr("1 to 16"));
  EXPECT_THAT(error_of("vswitches: {a: {ports: {1: {rings: round}}}}"), HasSubstr("split or"));
  EXPECT_THAT(error_of("vswitches: {a: {multicast: x}}"), HasSubstr("flood, snoop or strict"));
  EXPECT_THAT(error_of("vswitches: {a: {filters: [b, 'c(']}}"),
              StartsWith("net.yaml:1:30: c(: column 2: this parenthesis"));
  EXPECT_THAT(error_of("vswitches: {a: {mirror: {from: 1}}}"), HasSubstr("add 'to: NUMBER'"));
  EXPECT_THAT(error_of("vswitches: {a: {mirror: {to: 512}}}"), HasSubstr("0 to 511"));
  EXPECT_THAT(error_of("vswitches: {a: {mirror: {to: 1, from: [2, x]}}}"),
              StartsWith("net.yaml:1:25: 2,x: column 3: 'x' is no port"));
  EXPECT_THAT(error_of("vswitches: {a: {mirror: {to: 1, direction: up}}}"),
              HasSubstr("ingress, egress or both"));
  EXPECT_THAT(error_of("vswitches: {a: {mirror: {to: 1, filter: prot 80}}}"),
              StartsWith("net.yaml:1:25: "));
  EXPECT_THAT(error_of("vswitches: {a: {backing: {vlan: 3}}}"), HasSubstr("interface: NAME"));
  EXPECT_THAT(error_of("vswitches: {a: {}, a: {}}"),
              StartsWith("net.yaml:1:20: 'a' is there twice"));
  EXPECT_THAT(error_of("vswitches: [a]"), HasSubstr("KEY: VALUE"));
  EXPECT_THAT(error_of("guests: {g: {vnics: [{vswitch: x}]}}"),
              StartsWith("net.yaml:1:32: there is no vswitch 'x' here"));
  EXPECT_THAT(error_of("guests: {g: {vnics: [{port: 1}]}}"), HasSubstr("vswitch: NAME"));
  EXPECT_THAT(error_of("guests: {g: {vnics: {vswitch: localnet}}}"), HasSubstr("is a list"));
  EXPECT_THAT(error_of("guests: {g: {vnics: [{vswitch: localnet, mac: 1}]}}"),
              HasSubstr("aa-bb-cc-00-11-22"));
  EXPECT_THAT(error_of("guests: {g: {vnics: [{vswitch: {}}]}}"), HasSubstr("not a mapping"));
}

TEST(Import, RefusesWhatIsNoSingleDocument) {
  EXPECT_THAT(error_of(""), HasSubstr("is empty"));
  EXPECT_THAT(error_of("# nothing\n"), HasSubstr("is empty"));
  EXPECT_THAT(error_of("{}\n---\n{}\n"), HasSubstr("2 documents"));
  EXPECT_THAT(error_of("vswitches: {"), HasSubstr("this is no YAML"));
  EXPECT_THAT(error_of("{? [a] : b}"), HasSubstr("a single word"));
  EXPECT_NE(error_of(std::string(100000, '[')), "no error");
  EXPECT_NE(error_of("just text"), "no error");
}

TEST(Export, PutsInQuotesWhatOthersWouldTakeForSomethingElse) {
  const std::string text = export_yaml(message<v1::Configuration>(
      "vswitches { name: 'no' } vswitches { name: '12' ports { number: 3 trunk: '10,20' } }"));
  EXPECT_EQ(text,
            "vswitches:\n"
            "  \"no\":\n"
            "    up: true\n"
            "  \"12\":\n"
            "    up: true\n"
            "    ports:\n"
            "      3: {trunk: \"10,20\"}\n"
            "guests: {}\n");
}

}  // namespace
}  // namespace hpvmnet::cli
