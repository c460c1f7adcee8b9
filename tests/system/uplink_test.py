#!/usr/bin/python3
"""A vswitch that is joined to a host interface, which the host goes on using: the host, a guest (an
interface in a network namespace of its own) and a station in the network."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from lab import case, refuse_promiscuity
from lab.daemon import Daemon
from lab.network import Namespace, join, run

RECOVERY = case.setting("RECOVERY", 2)  # seconds, from the kernel's event
HOST, GUEST, PEER = "10.7.0.1", "10.7.0.3", "10.7.0.2"
HOST6, GUEST6, PEER6 = "fd07::1", "fd07::3", "fd07::2"


class UplinkCase(unittest.TestCase):
    modes = ("packet", "xdp")  # how the interface is to be used
    mode = ""
    backing = "eth1"  # the interface of the host that the vswitch is joined to
    settings = ""  # of the backing interface, for -n
    own = "eth1"  # where host and network have their addresses
    wrapper = ()  # words before the daemon's command

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="hpvm-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.host = Namespace(self, "host")
        self.peer = Namespace(self, "peer")
        self.guest = Namespace(self, "guest")
        self.connect()
        self.host.assign(self.own, f"{HOST}/24", f"{HOST6}/64")
        self.peer.assign(self.own, f"{PEER}/24", f"{PEER6}/64")
        self.daemon = Daemon(self.folder, prefix=self.host.command(*self.wrapper))
        self.addCleanup(self._finish)
        self.daemon.start()
        self.command("hpvmnet", "-c", "-S", "prod", "-n", f"{self.backing}:mode:{self.mode}{self.settings}")
        self.command("hpvmnet", "-b", "-S", "prod")
        self.command("hpvmcreate", "-P", "guest", "-a", "network:tap::vswitch:prod:portid:1")

    def connect(self):
        """Joins the host to the network."""
        join(self.host, "eth1", self.peer, "eth1")
        self.as_on_a_cable("eth1")

    def _finish(self):
        if any(test is self for test, _ in self._outcome.result.failures + self._outcome.result.errors):
            print(f"\n--- {self.id()}: hpvmnetd's log\n{self.daemon.tail()}")
        status = self.daemon.stop()
        self.assertIn(status, (0, None), "exit status of hpvmnetd after SIGTERM")

    def as_on_a_cable(self, interface):
        """AF_XDP sees frames as they are on a cable. A veth pair leaves checksums and tags beside them."""
        if self.mode.startswith("xdp"):
            self.peer.run("ethtool", "-K", interface, "tx", "off", "txvlan", "off")

    def command(self, *words):
        return self.daemon.check(*words)

    def await_remark(self, words, wanted=True):
        """Waits until the vswitch says so of its backing interface, or does not any longer."""
        begin = time.monotonic()
        while (words in (text := self.command("hpvmnet", "-V", "-S", "prod"))) != wanted:
            self.assertLess(time.monotonic() - begin, RECOVERY, f"{words!r} is {'not ' if wanted else ''}in\n{text}")
            time.sleep(0.05)

    def await_mode(self):
        """Waits until the vswitch is joined to it."""
        self.await_remark(f"Backing Mode         : {self.mode.partition('-')[0]}")

    def promiscuity(self):
        """How many have the backing interface take all that passes."""
        return json.loads(self.host.ip("-d", "-j", "link", "show", self.backing))[0]["promiscuity"]

    def await_promiscuity(self, wanted):
        begin = time.monotonic()
        while (seen := self.promiscuity()) != wanted:
            self.assertLess(time.monotonic() - begin, RECOVERY, f"promiscuity is {seen}, not {wanted}")
            time.sleep(0.05)

    def attach_guest(self):
        """Where the guest's interface was made."""
        self.host.ip("link", "set", "prod-1", "up")

    def detach_guest(self):
        self.host.ip("link", "set", "prod-1", "down")

    def move_guest(self):
        """The guest's interface into the guest's namespace, with its addresses."""
        self.host.ip("link", "set", "prod-1", "netns", self.guest.name)
        self.guest.ip("link", "set", "prod-1", "up")
        self.guest.assign("prod-1", f"{GUEST}/24", f"{GUEST6}/64")
        self.guest.await_reach(HOST, RECOVERY)

    def traces(self):
        """What is attached to the host's interface, and which interfaces there are besides the guest's."""
        links = json.loads(self.host.ip("-d", "-j", "link"))
        return {"promiscuity": {link["ifname"]: link["promiscuity"] for link in links if link["promiscuity"]},
                "links": sorted({link["ifname"] for link in links} - {"prod-1"}),
                "qdiscs": self.host.run("tc", "qdisc", "show", "dev", self.backing),
                "programs": json.loads(self.host.run("bpftool", "-j", "net"))}

    def check_nothing_is_left(self):
        """... of what the switch needs for its work with an attached guest: when it is halted after a crash, and
        when it is stopped."""
        self.command("hpvmnet", "-F", "-h", "-S", "prod")
        before = self.traces()
        self.assertNotIn(self.backing, before["promiscuity"])
        self.command("hpvmnet", "-b", "-S", "prod")
        self.await_promiscuity(1)
        self.assertNotEqual(self.traces()["links"], before["links"])
        self.daemon.kill()
        self.daemon.start()
        self.command("hpvmnet", "-F", "-h", "-S", "prod")
        self.assertEqual(self.traces(), before)
        self.attach_guest()
        self.command("hpvmnet", "-b", "-S", "prod")
        self.await_promiscuity(1)
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.traces(), before)

    def broadcast(self, station, target):
        """The addresses that answer a ping to all."""
        text = subprocess.run(station.command("ping", "-b", "-c", "2", "-i", "0.2", "-W", "1", target),
                              capture_output=True, text=True, check=False).stdout
        return set(re.findall(r"from ([0-9a-f.:]+?)(?:%[\w.]+[^:]*)?:? icmp_seq", text))


class Shared(UplinkCase):
    modes = ("packet", "xdp", "xdp-generic")

    def test_everybody_reaches_everybody(self):
        self.move_guest()
        for station, addresses in ((self.guest, (HOST, PEER, HOST6, PEER6)),
                                   (self.host, (GUEST, PEER, GUEST6, PEER6)),
                                   (self.peer, (GUEST, HOST, GUEST6, HOST6))):
            for address in addresses:
                with self.subTest(station=station.name, address=address):
                    station.await_reach(address, RECOVERY)
                    self.assertEqual(station.reaches(address, 50), 50)

    def test_what_is_for_all_reaches_all(self):
        self.move_guest()
        everybody = [(self.host, "eth1", HOST), (self.guest, "prod-1", GUEST), (self.peer, "eth1", PEER)]
        local = {station: station.link_local(interface) for station, interface, _ in everybody}
        for station, interface, own in everybody:
            for target, others in (
                    ("10.7.0.255", {address for _, _, address in everybody} - {own}),
                    (f"ff02::1%{interface}", {local[other] for other in local if other is not station})):
                with self.subTest(station=station.name, target=target):
                    self.assertLessEqual(others, self.broadcast(station, target))

    def test_traffic_in_all_directions_at_once(self):
        self.move_guest()
        streams = []
        for server, address in ((self.guest, GUEST), (self.host, HOST), (self.peer, PEER)):
            for port in (5201, 5202, 5203, 5204):
                case.spawn(self, server.command("iperf3", "-s", "-p", str(port)),
                           stdout=subprocess.DEVNULL)
        time.sleep(0.5)
        for client, server in ((self.guest, HOST), (self.guest, PEER), (self.host, GUEST),
                               (self.host, PEER), (self.peer, GUEST), (self.peer, HOST)):
            tcp = 5201 if client is not self.peer else 5202
            for options in (["-p", str(tcp)], ["-p", str(tcp + 2), "-u", "-b", "20M"]):
                streams.append((client.name, server, options, case.spawn(
                    self, client.command("iperf3", "-J", "-t", "3", "-c", server, *options),
                    stdout=subprocess.PIPE, text=True)))
        # One server serves one client at a time: those that came second begin again.
        for name, server, options, process in streams:
            report = json.loads(process.communicate(timeout=60)[0])
            while "busy" in report.get("error", ""):
                client = Namespace.__new__(Namespace)
                client.name = name
                report = json.loads(subprocess.run(
                    client.command("iperf3", "-J", "-t", "3", "-c", server, *options),
                    capture_output=True, text=True, check=False).stdout)
            with self.subTest(client=name, server=server, options=options):
                self.assertNotIn("error", report)
                end = report["end"].get("sum_received", report["end"].get("sum"))
                self.assertGreater(end["bytes"], 100_000)


class Undisturbed(UplinkCase):
    def test_the_host_does_not_notice_what_becomes_of_the_switch(self):
        self.move_guest()
        self.command("hpvmnet", "-F", "-h", "-S", "prod")
        before = self.traces()
        case.spawn(self, self.peer.command("iperf3", "-s"), stdout=subprocess.DEVNULL)
        time.sleep(0.3)
        rounds = case.setting("UPLINK_ROUNDS", 3)
        stream = case.spawn(self, self.host.command("iperf3", "-J", "-b", "50M", "-t", str(rounds * 4), "-c",
                                                    PEER), stdout=subprocess.PIPE, text=True)
        pings = case.spawn(self, self.host.command("ping", "-q", "-i", "0.01", "-w", str(rounds * 4), PEER),
                           stdout=subprocess.PIPE, text=True)
        for number in range(rounds):
            self.command("hpvmnet", "-b", "-S", "prod")
            time.sleep(0.3)
            if number % 2:
                self.daemon.kill()
            else:
                self.daemon.stop()
            time.sleep(0.2)
            self.daemon.start()
            time.sleep(0.3)
            self.command("hpvmnet", "-r", "-S", "prod")
            self.command("hpvmnet", "-F", "-h", "-S", "prod")
        report = json.loads(stream.communicate(timeout=rounds * 4 + 60)[0])
        text = pings.communicate(timeout=60)[0]
        self.assertNotIn("error", report)
        quiet = [interval["sum"]["bytes"] for interval in report["intervals"][1:-1]]
        self.assertGreater(min(quiet), 1_000_000)
        sent, received = map(int, re.search(r"(\d+) packets transmitted, (\d+) received", text).groups())
        if self.mode == "packet":
            self.assertGreaterEqual(received, sent - 1)  # the last one may be under way
        else:  # drivers rearrange their queues for XDP
            self.assertGreater(received, sent * 3 / 4)
        self.assertEqual(self.traces(), before)

    def test_nothing_is_left(self):
        self.attach_guest()
        self.check_nothing_is_left()


class Life(UplinkCase):
    def move_guest(self):
        """... and there is traffic of everybody with everybody from then on."""
        super().move_guest()
        for station, address in ((self.guest, PEER), (self.guest, HOST), (self.peer, GUEST), (self.peer, HOST),
                                 (self.host, GUEST), (self.host, PEER)):
            case.spawn(self, station.command("ping", "-q", "-i", "0.002", "-s", "1000", address),
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def test_down_and_up(self):
        self.move_guest()
        self.host.ip("link", "set", "eth1", "down")
        self.await_remark("is down")
        self.host.ip("link", "set", "eth1", "up")
        self.guest.await_reach(PEER, RECOVERY)

    def test_no_link(self):
        self.move_guest()
        self.peer.ip("link", "set", "eth1", "down")
        self.await_remark("no link")
        self.peer.ip("link", "set", "eth1", "up")
        self.guest.await_reach(PEER, RECOVERY)
        lost, back = self.daemon.events_of("link_lost")[-1], self.daemon.events_of("link_back")[-1]
        self.assertLess(int(lost["sequence"]), int(back["sequence"]))
        self.assertEqual((lost["vswitch"], back["vswitch"]), ("prod", "prod"))

    def test_another_mtu(self):
        self.move_guest()
        mtu = 3000 if self.mode.startswith("xdp") else 9000
        for namespace, interface in ((self.host, "eth1"), (self.peer, "eth1"), (self.guest, "prod-1")):
            namespace.ip("link", "set", interface, "mtu", str(mtu))
        self.guest.await_reach(PEER, RECOVERY)
        self.guest.run("ping", "-q", "-c", "5", "-i", "0.1", "-M", "do", "-s", str(mtu - 28), PEER)

    def test_another_name(self):
        self.move_guest()
        self.host.ip("link", "set", "eth1", "down")
        self.host.ip("link", "set", "eth1", "name", "lan7")
        self.host.ip("link", "set", "lan7", "up")
        self.guest.await_reach(PEER, RECOVERY)
        self.await_remark("'hpvmnet -C -n lan7'")
        self.command("hpvmnet", "-C", "-S", "prod", "-n", f"lan7:mode:{self.mode}")
        self.guest.await_reach(PEER, RECOVERY)

    def test_another_address(self):
        self.move_guest()
        self.host.ip("link", "set", "eth1", "address", "02:00:00:00:77:01")
        self.guest.ip("neigh", "flush", "all")
        self.guest.await_reach(HOST, RECOVERY)
        self.host.await_reach(GUEST, RECOVERY)

    def test_removed_and_back(self):
        self.move_guest()
        self.host.ip("link", "del", "eth1")
        self.await_remark("there is no interface eth1")
        join(self.host, "eth1", self.peer, "eth1")
        self.as_on_a_cable("eth1")
        self.host.assign("eth1", f"{HOST}/24")
        self.peer.assign("eth1", f"{PEER}/24")
        self.guest.ip("neigh", "flush", "all")
        self.guest.await_reach(PEER, RECOVERY)
        self.guest.await_reach(HOST, RECOVERY)

    def test_another_interface(self):
        self.move_guest()
        join(self.host, "eth2", self.peer, "eth2")
        self.as_on_a_cable("eth2")
        self.peer.assign("eth2", "10.8.0.2/24")
        self.guest.assign("prod-1", "10.8.0.3/24")
        self.command("hpvmnet", "-C", "-S", "prod", "-n", f"eth2:mode:{self.mode}")
        self.guest.await_reach("10.8.0.2", RECOVERY)
        self.assertEqual(self.guest.reaches(PEER), 0)
        self.command("hpvmnet", "-C", "-S", "prod", "-n", "none")
        self.assertEqual(self.guest.reaches("10.8.0.2"), 0)


class Promiscuity(UplinkCase):
    def test_it_lasts_while_a_guest_is_attached(self):
        self.await_mode()
        self.assertEqual(self.promiscuity(), 0)
        self.attach_guest()
        self.await_promiscuity(1)
        self.detach_guest()
        self.await_promiscuity(0)

    def test_a_guest_may_have_come_before(self):
        self.command("hpvmnet", "-F", "-h", "-S", "prod")
        self.attach_guest()
        self.assertEqual(self.promiscuity(), 0)
        self.command("hpvmnet", "-b", "-S", "prod")
        self.await_promiscuity(1)
        self.command("hpvmnet", "-F", "-h", "-S", "prod")
        self.assertEqual(self.promiscuity(), 0)

    def test_it_is_that_of_the_interface_in_use(self):
        self.attach_guest()
        self.await_promiscuity(1)
        self.host.ip("link", "set", "eth1", "down")
        self.await_promiscuity(0)
        self.host.ip("link", "set", "eth1", "up")
        self.await_promiscuity(1)


class Refused(UplinkCase):
    wrapper = (sys.executable, "-B", refuse_promiscuity.__file__)

    def test_that_the_interface_does_not_become_promiscuous_is_said(self):
        words = "cannot make the interface promiscuous, so it takes no frames for guests"
        self.await_mode()
        self.attach_guest()
        self.await_remark(words)
        self.await_mode()
        self.detach_guest()
        self.await_remark(words, wanted=False)
        self.assertIn(words, self.daemon.log.read_text())


class Jumbo(UplinkCase):
    modes = ("xdp-generic",)  # packet sockets have room; with XDP in its driver veth refuses the MTU

    def test_an_mtu_that_it_has_no_room_for(self):
        self.move_guest()
        self.host.ip("link", "set", "eth1", "mtu", "9000")
        self.await_remark("no room for the frames")
        self.host.ip("link", "set", "eth1", "mtu", "1500")
        self.guest.await_reach(PEER, RECOVERY)


def load_tests(loader, tests, _pattern):
    """Makes each test run in each of its modes."""
    kinds = {type(test) for group in tests for test in group} - {UplinkCase}
    return unittest.TestSuite(
        loader.loadTestsFromTestCase(type(f"{kind.__name__}:{mode}", (kind,), {"mode": mode}))
        for kind in sorted(kinds, key=lambda kind: kind.__name__) for mode in kind.modes)


if __name__ == "__main__":
    case.main()
