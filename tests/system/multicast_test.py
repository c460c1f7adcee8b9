#!/usr/bin/python3
"""Multicast goes where it was asked for: ten guests (interfaces in network namespaces of their own) and a
network behind a host interface."""

import re
import shutil
import socket
import struct
import tempfile
import time
import unittest

from lab import case
from lab.daemon import Daemon
from lab.network import Namespace, join

GROUP, OTHER_GROUP, GROUP6 = "239.1.2.3", "239.1.2.4", "ff0e::1234:5"
PORT = 5000
GUESTS = range(1, 11)
SETTLING = 10  # seconds, at most, until a change is in force


class Multicast(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="hpvm-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.host = Namespace(self, "host")
        self.network = Namespace(self, "network")
        join(self.host, "eth1", self.network, "eth1")
        self.network.assign("eth1", "10.7.0.100/24", "fd07::100/64")
        self.daemon = Daemon(self.folder, prefix=self.host.command())
        self.addCleanup(self._finish)
        self.daemon.start()
        self.command("hpvmnet", "-c", "-S", "prod", "-n", "eth1")
        self.command("hpvmnet", "-b", "-S", "prod")
        self.stations = {number: self.add_guest(number) for number in GUESTS}
        self.stations["network"] = self.network

    def _finish(self):
        if any(test is self for test, _ in self._outcome.result.failures + self._outcome.result.errors):
            print(f"\n--- {self.id()}: hpvmnetd's log\n{self.daemon.tail()}")
            print(self.daemon.run("hpvmnet", "-V", "-S", "prod").stdout[:2000])
        self.daemon.stop()

    def command(self, *words):
        return self.daemon.check(*words)

    def add_guest(self, number):
        station = Namespace(self, f"guest{number}")
        self.command("hpvmcreate", "-P", f"guest{number}", "-a", f"network:tap::vswitch:prod:portid:{number}")
        interface = f"prod-{number}"
        self.host.ip("link", "set", interface, "netns", station.name)
        station.ip("link", "set", interface, "up")
        station.assign(interface, f"10.7.0.{number}/24", f"fd07::{number}/64")
        return station

    def interface(self, station):
        return "eth1" if station == "network" else f"prod-{station}"

    def open(self, station, group):
        """A socket of a station that sends to a group, and can be in it."""
        with self.stations[station].entered():
            index = socket.if_nametoindex(self.interface(station))
            if ":" in group:
                made = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
            else:
                made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("=4s4si", b"", b"", index))
        self.addCleanup(made.close)
        return made

    def listen(self, station, group):
        """... and is in it. Leaves it when it is closed."""
        made = self.open(station, group)
        with self.stations[station].entered():
            index = socket.if_nametoindex(self.interface(station))
        if ":" in group:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                            socket.inet_pton(socket.AF_INET6, group) + struct.pack("=I", index))
        else:
            made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                            struct.pack("=4s4si", socket.inet_aton(group), b"", index))
        made.bind((group, PORT))
        made.settimeout(2)
        return made

    def who_gets(self, sender, group):
        """The stations at whose interfaces frames to the group arrive."""
        taps = {name: station.raw(self.interface(name))
                for name, station in self.stations.items() if name != sender}
        payload = f"{sender} {group} {time.monotonic()}".encode()
        out = self.open(sender, group)
        for _ in range(3):
            out.sendto(payload, (group, PORT))
        reached = {name for name, tap in taps.items() if tap.receive(lambda frame: payload in frame)}
        for tap in taps.values():
            tap.close()
        return reached

    def await_receivers(self, sender, group, expected):
        begin = time.monotonic()
        while (reached := self.who_gets(sender, group)) != expected:
            self.assertLess(time.monotonic() - begin, SETTLING, f"{reached} get it instead of {expected}")
            time.sleep(0.3)

    def everybody_but(self, station):
        return set(self.stations) - {station}

    def test_only_the_listener_and_the_network_see_a_group(self):
        for group in (GROUP, GROUP6):
            with self.subTest(group=group):
                listener = self.listen(4, group)
                self.await_receivers(7, group, {4, "network"})
                self.await_receivers("network", group, {4})
                self.assertTrue(listener.recv(100))
                self.assertIn(group, self.command("hpvmnet", "-V", "-S", "prod"))
                second = self.listen(9, group)
                self.await_receivers(7, group, {4, 9, "network"})
                second.close()
                self.await_receivers(7, group, {4, "network"})
        self.await_receivers(7, OTHER_GROUP, self.everybody_but(7))

    def test_who_is_in_a_group_already_is_asked(self):
        """The vswitch has not heard who joined while it was halted."""
        self.command("hpvmnet", "-S", "prod", "-u", "multicast:strict")
        self.command("hpvmnet", "-Q", "-h", "-S", "prod")
        listeners = [self.listen(4, GROUP), self.listen(4, GROUP6)]
        time.sleep(5)  # reports are repeated
        self.command("hpvmnet", "-b", "-S", "prod")
        time.sleep(3)  # in which everybody gets all
        for group in (GROUP, GROUP6):
            self.await_receivers(7, group, {4, "network"})
        del listeners

    def test_a_router_gets_all_groups(self):
        """A bridge that asks who is in groups, as a guest may have one."""
        router = self.stations[2]
        router.ip("link", "add", "br0", "type", "bridge", "mcast_snooping", "1", "mcast_querier", "1",
                  "mcast_query_use_ifaddr", "1", "mcast_startup_query_interval", "100")
        router.ip("addr", "flush", "dev", "prod-2")
        router.ip("link", "set", "prod-2", "master", "br0")
        router.assign("br0", "10.7.0.2/24")
        router.ip("link", "set", "br0", "up")
        self.listen(4, GROUP)
        self.await_receivers(7, GROUP, {2, 4, "network"})

    def test_strictly(self):
        self.command("hpvmnet", "-S", "prod", "-u", "multicast:strict")
        self.await_receivers(7, GROUP, {"network"})
        self.listen(4, GROUP)
        self.await_receivers(7, GROUP, {4, "network"})
        text = self.command("hpvmnet", "-V", "-S", "prod")
        self.assertRegex(text, r"Multicast +: strict")
        self.command("hpvmnet", "-S", "prod", "-u", "multicast:flood")
        self.await_receivers(7, GROUP, self.everybody_but(7))

    def test_vlans_have_groups_of_their_own(self):
        for port in (3, 4, 5):
            self.command("hpvmnet", "-S", "prod", "-u", f"portid:{port}:vlanid:20")
        self.listen(4, GROUP)
        self.listen(6, GROUP)
        self.await_receivers(3, GROUP, {4, "network"})
        self.await_receivers(7, GROUP, {6, "network"})
        self.assertTrue(re.search(rf"^20 +{re.escape(GROUP)} +4$", self.command("hpvmnet", "-V", "-S", "prod"),
                                  re.MULTILINE))

    def test_neighbours_find_each_other_whatever_is_set(self):
        self.command("hpvmnet", "-S", "prod", "-u", "multicast:strict")
        time.sleep(4)
        for address in ("10.7.0.5", "fd07::5"):
            self.stations[8].await_reach(address, 2)
            self.network.await_reach(address, 2)


if __name__ == "__main__":
    case.main()
