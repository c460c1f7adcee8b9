#!/usr/bin/python3
"""A vswitch that is joined to a bond, to a VLAN interface, to one VLAN of a bond. What the running kernel
does not have is skipped; debian_kernel_test runs this with Debian's."""

import itertools
import subprocess
import time

from lab import case
from lab.files import LabError
from lab.network import join
from uplink_test import (GUEST, GUEST6, HOST, HOST6, PEER, PEER6, RECOVERY, UplinkCase,
                         load_tests)  # noqa: F401 (unittest asks for the last)

PINGS = 3
SLAVES = ("eth1", "eth2")


def add_vlan(station, interface):
    station.ip("link", "add", "link", interface, "name", f"{interface}.20", "type", "vlan", "id", "20")
    station.ip("link", "set", f"{interface}.20", "up")


class KindCase(UplinkCase):
    """The tests; the classes below say for what."""

    modes = ()

    def setUp(self):
        try:
            super().setUp()
        except LabError as error:
            if "Unknown device type" not in str(error):
                raise
            self.skipTest("the running kernel has no such interfaces")
        self.move_guest()
        self.host.await_reach(PEER, RECOVERY)

    def cable(self, interface):
        join(self.host, interface, self.peer, interface)
        self.as_on_a_cable(interface)

    def make(self, station):
        """Makes the interface upon what the station has."""
        raise NotImplementedError

    def stations(self):
        return ((self.guest, "prod-1", GUEST, GUEST6), (self.host, self.own, HOST, HOST6),
                (self.peer, self.own, PEER, PEER6))

    def under_traffic(self):
        """The guest speaks to the network all the time."""
        case.spawn(self, self.guest.command("ping", "-q", "-i", "0.05", PEER), stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)

    def recover(self, event, *addresses):
        """The guest reaches these again, soon after what the kernel has just done."""
        begin = time.monotonic()
        for address in addresses:
            self.guest.await_reach(address, RECOVERY)
        print(f"   {self.id().split('.')[1]}, {event}: {time.monotonic() - begin:.2f} s", flush=True)

    def check_ways(self):
        for station, _, own, _ in self.stations():
            others = [(address, address6) for _, _, address, address6 in self.stations() if address != own]
            for address in itertools.chain(*others):
                with self.subTest(station=station.name, address=address):
                    station.await_reach(address, RECOVERY)
                    self.assertEqual(station.reaches(address, PINGS), PINGS)
            with self.subTest("to all", station=station.name):
                self.assertLessEqual({address for address, _ in others},
                                     self.broadcast(station, "10.7.0.255"))

    def test_everybody_reaches_everybody_and_nothing_is_left(self):
        self.check_ways()
        self.check_nothing_is_left()

    def test_life(self):
        self.under_traffic()
        self.host.ip("link", "set", self.backing, "down")
        self.await_remark("is down")
        self.host.ip("link", "set", self.backing, "up")
        self.recover("up again", PEER)
        for station, interface, _, _ in self.stations():
            station.ip("link", "set", interface, "mtu", "1400")
        self.host.ip("link", "set", self.backing, "mtu", "1400")
        self.recover("another MTU", PEER)
        self.assertEqual(self.guest.reaches(PEER, PINGS, "-M", "do", "-s", "1372"), PINGS)
        self.host.ip("link", "del", self.backing)
        self.await_remark(f"there is no interface {self.backing}")
        self.make(self.host)
        self.host.assign(self.own, f"{HOST}/24")
        self.guest.ip("neigh", "flush", "all")
        self.recover("made anew", PEER, HOST)


class Veth(KindCase):
    modes = ("packet", "xdp", "xdp-generic")

    def make(self, station):
        self.cable("eth1")
        self.peer.assign("eth1", f"{PEER}/24")


class Vlan(KindCase):
    modes = ("packet",)
    backing = own = "eth1.20"

    def connect(self):
        self.cable("eth1")
        for station in (self.peer, self.host):
            self.make(station)

    def make(self, station):
        add_vlan(station, "eth1")


class Bond(KindCase):
    modes = ()
    backing = own = "bond0"
    balance = ()

    def connect(self):
        for slave in SLAVES:
            self.cable(slave)
        for station in (self.peer, self.host):
            self.make(station)

    def make(self, station):
        station.ip("link", "add", "bond0", "type", "bond", "miimon", "50", *self.balance)
        for slave in SLAVES:
            station.ip("link", "set", slave, "down")
            station.ip("link", "set", slave, "master", "bond0")
        station.ip("link", "set", "bond0", "up")

    def test_a_slave_fails(self):
        self.under_traffic()
        for lost in SLAVES:
            self.host.ip("link", "set", lost, "down")
            self.recover(f"without {lost}", PEER, HOST)
            self.host.ip("link", "set", lost, "up")
            self.recover(f"{lost} is back", PEER, HOST)


class ActiveBackup(Bond):
    modes = ("packet",)
    balance = ("mode", "active-backup", "primary", SLAVES[0])  # both ends use the same cable

    def test_af_xdp_is_refused(self):
        for mode in ("xdp", "xdp-generic"):
            self.command("hpvmnet", "-C", "-S", "prod", "-n", f"bond0:mode:{mode}")
            self.await_remark("AF_XDP does not see the frames of a bond")


class Aggregated(Bond):
    modes = ("packet",)
    balance = ("mode", "802.3ad", "lacp_rate", "fast")


class VlanOfBond(Bond):
    modes = ("packet",)
    balance = ActiveBackup.balance
    own = "bond0.20"
    settings = ":vlanid:20"

    def make(self, station):
        super().make(station)
        add_vlan(station, "bond0")


if __name__ == "__main__":
    case.main()
