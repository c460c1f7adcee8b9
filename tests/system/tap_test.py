#!/usr/bin/python3
"""A tap port: an interface of the host on any vswitch, with the name and the address that its vNIC says."""

import concurrent.futures
import json
import os
import re
import socket
import stat
import threading
import time

from lab import case, traffic
from lab.network import Namespace

LIMIT = 5  # seconds until the daemon has seen what became of an interface
MAC = "02:00:00:00:00:07"
SENT = os.urandom(8_000_000)
ADDRESS, OTHER = "10.7.0.1", "10.7.0.2"
QUEUES = 4


class TapCase(case.LabCase):
    def daemon_prefix(self):
        self.host = Namespace(self, "host")
        return self.host.command()

    def setUp(self):
        super().setUp()
        self.station = Namespace(self, "station")
        self.add_guest("station", "tap", 2)
        self.move("test-2", self.station)
        self.command("hpvmcreate", "-P", "thishost", "-a",
                     f"network:tap:0,0,0x{MAC.replace(':', '')}:vswitch:test:portid:1:ifname:guests0")

    def move(self, interface, station):
        self.host.ip("link", "set", interface, "netns", station.name)
        station.ip("link", "set", interface, "up")
        station.assign(interface, f"{OTHER}/24")

    def link(self, name):
        return json.loads(self.host.ip("-j", "link", "show", name))[0]

    def await_link(self, name, old):
        """The index of the interface that replaces another."""
        begin = time.monotonic()
        while True:
            indexes = {link["ifname"]: link["ifindex"] for link in json.loads(self.host.ip("-j", "link"))}
            if indexes.get(name, old) != old:
                return
            self.assertLess(time.monotonic() - begin, LIMIT, f"{name} was not made anew")
            time.sleep(0.05)

    def configure(self):
        self.host.ip("link", "set", "guests0", "up")
        self.host.assign("guests0", f"{ADDRESS}/24")
        self.station.await_reach(ADDRESS, LIMIT)

    def transfer(self, sender, receiver, address, port):
        """By TCP, and what arrives has to be what was sent."""
        with receiver.entered():
            listener = socket.create_server((address, port))
        with sender.entered():
            client = socket.create_connection((address, port))
        with listener, client, listener.accept()[0] as server:
            thread = threading.Thread(target=client.sendall, args=(SENT,))
            thread.start()
            with server.makefile("rb") as stream:
                self.assertEqual(stream.read(len(SENT)), SENT)
            thread.join()


class Tap(TapCase):
    def test_the_interface_is_as_the_vnic_says(self):
        self.assertEqual(self.link("guests0")["address"], MAC)
        self.configure()
        text = self.command("hpvmnet", "-S", "test", "-p", "1")
        self.assertRegex(text, r"Endpoint +: guests0\n")
        self.assertRegex(text, r"Port State +: Active\n")
        self.assertRegex(self.command("hpvmnet", "-S", "test", "-p", "2"), r"Endpoint +: test-2\n")

    def test_segments_go_through_whole(self):
        """64 KB at a time, as both ends can."""
        self.configure()
        self.transfer(self.host, self.station, OTHER, 7000)
        counters = json.loads(self.host.ip("-j", "-s", "link", "show", "guests0"))[0]["stats64"]["tx"]
        self.assertGreater(counters["bytes"] / counters["packets"], 2 * 1514)

    def test_a_guest_that_wants_a_tap_of_its_own(self):
        """A macvtap on the interface is a tap for a hypervisor; libvirt's type='direct' makes one."""
        self.host.ip("link", "set", "guests0", "up")
        self.host.ip("link", "add", "link", "guests0", "name", "macvtap0", "type", "macvtap",
                     "mode", "passthru")
        self.host.ip("link", "set", "macvtap0", "up")
        major, minor = self.host.run("sh", "-c", "cat /sys/class/net/macvtap0/macvtap/tap*/dev").split(":")
        os.mknod(self.folder / "tap", stat.S_IFCHR | 0o600, os.makedev(int(major), int(minor)))
        with open(self.folder / "tap", "r+b", buffering=0) as file:
            network = ["-netdev", f"tap,id=tap,fd={file.fileno()}",
                       "-device", f"virtio-net-pci,netdev=tap,mac={MAC}"]
            guest, = self.boot_with({"guest": network}, descriptors=[file.fileno()])
        guest.check(f"ip address add {ADDRESS}/24 dev eth0")
        self.station.await_reach(ADDRESS, LIMIT)
        self.assertEqual(self.station.reaches(ADDRESS, 20), 20)
        self.assertEqual(traffic.ping(guest, OTHER, count=20).received, 20)

    def test_it_is_made_anew_where_it_is_deleted(self):
        self.configure()
        old = self.link("guests0")["ifindex"]
        self.host.ip("link", "delete", "guests0")
        self.await_link("guests0", old)
        self.assertEqual(self.link("guests0")["address"], MAC)
        self.configure()

    def test_it_goes_with_its_vnic_and_takes_another_name(self):
        self.command("hpvmmodify", "-P", "thishost", "-m",
                     "network:tap:0,0:vswitch:test:ifname:other0")
        self.assertEqual(self.link("other0")["address"], MAC)
        self.command("hpvmremove", "-Q", "-P", "thishost")
        names = [link["ifname"] for link in json.loads(self.host.ip("-j", "link"))]
        self.assertEqual(names, ["lo"])

    def test_a_name_that_is_taken_is_refused_whole(self):
        self.host.ip("link", "add", "taken0", "type", "veth")
        refused = self.daemon.run("hpvmmodify", "-P", "thishost", "-m",
                                  "network:tap:0,0:vswitch:test:ifname:taken0")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("there is an interface 'taken0' already", refused.stderr)
        self.assertEqual(self.link("guests0")["address"], MAC)


class Queues(TapCase):
    daemon_options = ("--workers", "0,1")

    def set_queues(self, queues):
        self.command("hpvmnet", "-S", "test", "-u", f"portid:1:queues:{queues}")

    def queues(self):
        """How many the interface has; None: it has but one, as interfaces usually have."""
        tun = json.loads(self.host.ip("-d", "-j", "link", "show", "guests0"))[0]["linkinfo"]["info_data"]
        return tun["numqueues"] if tun["multi_queue"] else None

    def workers(self):
        """Of the port's queues, by queue."""
        text = self.command("hpvmnet", "-S", "test", "-p", "1")
        return re.search(r"^Workers +: (.*)$", text, re.M)[1].split()

    def test_several_workers_serve_an_interface(self):
        self.set_queues(QUEUES)
        self.assertEqual(self.queues(), QUEUES)
        self.assertEqual(self.link("guests0")["address"], MAC)
        self.configure()
        flows = [flow for number in range(QUEUES)
                 for flow in ((self.host, self.station, OTHER, 7000 + number),
                              (self.station, self.host, ADDRESS, 8000 + number))]
        with concurrent.futures.ThreadPoolExecutor(len(flows)) as pool:
            for done in [pool.submit(self.transfer, *flow) for flow in flows]:
                done.result()
        workers = self.workers()
        self.assertEqual((len(workers), set(workers)), (QUEUES, {"0", "1"}))

    def test_they_become_more_and_fewer_again(self):
        self.assertIsNone(self.queues())
        for queues, seen in ((16, 16), (2, 2), (1, None)):
            self.set_queues(queues)
            self.assertEqual(self.queues(), seen)
            self.configure()
            self.assertEqual(len(self.workers()), queues)

    def test_it_is_made_anew_with_as_many(self):
        self.set_queues(QUEUES)
        old = self.link("guests0")["ifindex"]
        self.host.ip("link", "delete", "guests0")
        self.await_link("guests0", old)
        self.assertEqual(self.queues(), QUEUES)
        self.configure()


if __name__ == "__main__":
    case.main()
