#!/usr/bin/python3
"""VLANs between the ports of guests, the network and the host: a table of cases that is generated, each
frame compared byte for byte with what IEEE 802.1Q asks for."""

import itertools
import struct

from lab import case
from uplink_test import UplinkCase, load_tests  # noqa: F401 (unittest asks for the latter)

CUSTOMER, SERVICE = 0x8100, 0x88A8
TEST_TYPE = 0x88B5

# The tags that a frame has, from the outside: (type, VLAN, priority).
TAGS = [(), ((CUSTOMER, 10, 5),), ((CUSTOMER, 20, 0),), ((SERVICE, 20, 3),), ((CUSTOMER, 30, 1),),
        ((CUSTOMER, 0, 6),), ((CUSTOMER, 20, 2), (CUSTOMER, 7, 1)), ((SERVICE, 10, 0), (CUSTOMER, 20, 4))]

# Ports: settings for hpvmnet -u, the VLAN of frames without a tag (0: the frames that are in none), VLANs
# with a tag.
PORTS = {1: ([], 0, ()), 2: (["vlanid:20"], 20, ()), 3: (["trunk:10,20"], None, (10, 20)),
         4: (["trunk:10", "native:20"], 20, (10,)), 5: (["trunk:all", "native:30"], 30, range(1, 4095))}


class Outside:
    """The backing interface: the whole of it, or one VLAN."""

    def __init__(self, vlan):
        self.vlan = vlan
        self.untagged = 0 if vlan is None else None
        self.tagged = range(1, 4095) if vlan is None else ()


class Port:
    def __init__(self, number):
        _, self.untagged, self.tagged = PORTS[number]
        self.vlan = None


def vlan_inside(side, tags):
    """The VLAN of a frame that comes in there; None: it is dropped."""
    if not tags:
        return side.untagged
    if not side.tagged and side.vlan is None:
        return None
    vlan = tags[0][1]
    if vlan == 0:
        return side.untagged
    if vlan == side.vlan:
        return 0
    return vlan if vlan in side.tagged or vlan == side.untagged else None


def tags_outside(origin, side, tags):
    """The tags with which it leaves there; None: it does not."""
    vlan = vlan_inside(origin, tags)
    if vlan is None:
        return None
    first = tags[0] if tags else (CUSTOMER, 0, 0)
    if vlan == side.untagged:
        takes_tags = side.tagged or side.vlan is not None
        return tags if tags and tags[0][1] == 0 and takes_tags else tags[1:]
    if vlan == 0:
        outside = side.vlan
    else:
        outside = vlan if vlan in side.tagged else None
    return None if outside is None else ((first[0], outside, first[2]), *tags[1:])


def frame(number, tags, length):
    header = b"\xff" * 6 + bytes((2, 0x56, 0, 0, 0, number))
    for kind, vlan, priority in tags:
        header += struct.pack("!HH", kind, priority << 13 | vlan)
    return header + struct.pack("!HB", TEST_TYPE, number) + bytes(i * 7 & 0xFF for i in range(length))


class Vlans(UplinkCase):
    def setUp(self):
        super().setUp()
        for port, (settings, _, _) in PORTS.items():
            for setting in settings:
                self.command("hpvmnet", "-S", "prod", "-u", f"portid:{port}:{setting}")
            if port > 1:
                self.command("hpvmcreate", "-P", f"guest{port}", "-a", f"network:tap::vswitch:prod:portid:{port}")
            interface = f"prod-{port}"
            self.host.run("sysctl", "-qw", f"net.ipv6.conf.{interface}.disable_ipv6=1")
            self.host.ip("link", "set", interface, "up")
        self.places = {f"port {port}": self.host.raw(f"prod-{port}") for port in PORTS}
        self.places |= {"network": self.peer.raw("eth1"), "host": self.host.raw("eth1")}
        for place in self.places.values():
            self.addCleanup(place.close)

    def collect(self, place):
        """The test's frames that have arrived there, by number."""
        found = {}
        while (arrived := self.places[place].receive(lambda f: f[6:11] == bytes((2, 0x56, 0, 0, 0)))) is not None:
            found[arrived[11]] = arrived
        return found

    def expected(self, origin, sides, place, sent):
        """What arrives at a place of the frames that were sent at another."""
        due = {}
        for number, (tags, length) in sent.items():
            if {origin, place} == {"network", "host"}:  # the interface's own business
                left = tags
            else:
                left = tags_outside(sides[origin], sides[place], tags)
            if left is not None:
                due[number] = frame(number, left, length)
        return due

    def check(self, outside):
        sides = {f"port {port}": Port(port) for port in PORTS} | {"network": outside, "host": outside}
        lengths = (60, 170, 177, 1400)
        sent = dict(enumerate(itertools.product(TAGS, lengths), 1))
        crossed = 0
        for origin, sender in self.places.items():
            for number, (tags, length) in sent.items():
                sender.send(frame(number, tags, length))
            for place in self.places:
                arrived = self.collect(place)
                if place == origin:
                    continue
                with self.subTest(backing=outside.vlan, origin=origin, place=place):
                    due = self.expected(origin, sides, place, sent)
                    self.assertEqual(sorted(arrived), sorted(due))
                    self.assertEqual(arrived, due)
                    crossed += len(due)
        return crossed

    def test_the_whole_interface(self):
        self.assertGreater(self.check(Outside(None)), 500)

    def test_one_vlan_of_it(self):
        self.command("hpvmnet", "-C", "-S", "prod", "-n", f"eth1:mode:{self.mode}:vlanid:20")
        self.assertGreater(self.check(Outside(20)), 250)


if __name__ == "__main__":
    case.main()
