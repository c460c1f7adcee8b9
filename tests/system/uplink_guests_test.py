#!/usr/bin/python3
"""Guests of both kinds on a vswitch that is joined to a host interface, in each of its modes: they reach a
station in the network with frames of each size up to the MTU, and what arrives there has right checksums.

    guests ── vswitch ── eth1 in a namespace ══ veth pair ══ eth1 of the station, where tshark looks
"""

import signal
import subprocess
import time

from lab import case, traffic
from lab.files import LabError
from lab.network import Namespace, join

SECONDS = case.setting("IPERF_SECONDS", 1)
LIMIT = 10  # seconds for what takes a moment
PINGS = 3
HEADERS, HEADERS6 = 20 + 8, 40 + 8  # of a ping
MOST_RETRANSMITS = 0.02  # of the segments sent
PROTOCOLS = ("ip", "tcp", "udp", "icmp", "icmpv6")
BAD, GOOD = "0", "1"  # in tshark's fields PROTOCOL.checksum.status
CELLS = (("packet", 1500), ("packet", 9000), ("xdp", 1500), ("xdp-generic", 1500))


class Station(Namespace):
    """A computer in the network. Its address is also what iperf3's clients use."""

    address, address6 = "10.9.0.100", "fd09::100"

    def __init__(self, test):
        super().__init__(test, "station")
        self._test = test
        self._file = test.folder / "capture"

    def watch(self):
        """Writes down what arrives until its end is asked for: of the yielded process, by SIGINT."""
        self._file.unlink(missing_ok=True)
        watcher = case.spawn(self._test, self.command("tshark", "-Q", "-i", "eth1", "-f", "inbound", "-w", self._file),
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begin = time.monotonic()
        while not self._file.exists() or not self._file.stat().st_size:
            if watcher.poll() is not None or time.monotonic() - begin > LIMIT:
                raise LabError("tshark does not start")
            time.sleep(0.05)
        return watcher

    def seen(self, watcher):
        """The frames that arrived: dictionaries of their fields, as tshark understands them."""
        watcher.send_signal(signal.SIGINT)
        watcher.wait(LIMIT)
        settings = [f"{protocol}.check_checksum:TRUE" for protocol in ("ip", "tcp", "udp")]
        settings += ["tcp.analyze_sequence_numbers:FALSE", "tcp.desegment_tcp_streams:FALSE"]  # takes minutes
        fields = ["eth.src", "frame.len", *(f"{protocol}.checksum.status" for protocol in PROTOCOLS),
                  *(f"{protocol}.checksum" for protocol in PROTOCOLS)]
        text = subprocess.run(
            ["tshark", "-n", "-r", self._file, "-T", "fields", "-E", "occurrence=f",
             *(word for setting in settings for word in ("-o", setting)),
             *(word for field in fields for word in ("-e", field))],
            capture_output=True, text=True, check=True).stdout
        return [dict(zip(fields, line.split("\t"))) for line in text.splitlines()]


class UplinkGuests(case.LabCase):
    def daemon_prefix(self):
        self.host = Namespace(self, "host")
        self.station = Station(self)
        join(self.host, "eth1", self.station, "eth1")
        # The host's end is a card that leaves nothing to others, so that the cable shows finished frames.
        self.host.run("ethtool", "-K", "eth1", "tx", "off")
        self.station.assign("eth1", f"{self.station.address}/24", f"{self.station.address6}/64")
        return self.host.command()

    def use(self, mode, mtu):
        """Joins the vswitch to eth1, in this mode."""
        self.command("hpvmnet", "-C", "-S", self.vswitch, "-n", "none")
        # AF_XDP does not see what a veth pair leaves beside frames
        beside = "off" if mode.startswith("xdp") else "on"
        self.station.run("ethtool", "-K", "eth1", "tx", beside, "txvlan", beside)
        self.set_mtu(mtu)
        self.command("hpvmnet", "-C", "-S", self.vswitch, "-n", f"eth1:mode:{mode}")

    def set_mtu(self, mtu):
        for place in (self.host, self.station):
            place.ip("link", "set", "eth1", "mtu", str(mtu))
        for guest in self.guests:
            guest.check(f"ip link set eth0 mtu {mtu}")

    def await_remark(self, *remarks):
        """Waits until the vswitch says all this of its backing interface."""
        begin = time.monotonic()
        while not all(words in (text := self.command("hpvmnet", "-V", "-S", self.vswitch)) for words in remarks):
            self.assertLess(time.monotonic() - begin, LIMIT, f"{remarks} are not all in\n{text}")
            time.sleep(0.05)

    def ping(self, guest, mtu):
        for address, headers in ((self.station.address, HEADERS), (self.station.address6, HEADERS6)):
            for size in (mtu // 2, mtu - headers - 1, mtu - headers):
                answered = traffic.ping(guest, address, PINGS, size=size).received
                self.assertEqual(answered, PINGS, f"pings of {size} bytes to {address}")
        for size in (mtu // 2, mtu - HEADERS - 1, mtu - HEADERS):
            answered = self.station.reaches(guest.address, PINGS, "-M", "do", "-s", str(size))
            self.assertEqual(answered, PINGS, f"pings of {size} bytes from the station")

    def transfer(self, guest, title):
        rates = []
        for reverse in (False, True):
            transfer = traffic.iperf(guest, self.station, SECONDS, reverse)
            self.assertGreater(transfer.megabits, 1)
            rates.append(f"{transfer.megabits:.0f}")
        guest.check(f"iperf3 -u -b 5M -t 1 -c {self.station.address}")
        print(f"   {title}: {' and back '.join(rates)} Mbit/s")

    def judge(self, frames, guest, mtu):
        """What the station saw of the guest, and what the guest's kernel counted."""
        own = guest.check("cat /sys/class/net/eth0/address").strip()
        frames = [frame for frame in frames if frame["eth.src"] == own]
        for protocol in PROTOCOLS:
            status, checksum = f"{protocol}.checksum.status", f"{protocol}.checksum"
            # Both 0 and 0xffff are zero. QEMU's e1000 writes the latter where tshark expects the former.
            wrong = [frame for frame in frames if frame[status] == BAD and frame[checksum] != "0xffff"]
            self.assertEqual(wrong, [], f"{len(wrong)} of {len(frames)} frames")
            right = sum(frame[status] == GOOD for frame in frames)
            self.assertGreater(right, 2, f"{protocol} frames with a checksum")
        self.assertEqual(max(int(frame["frame.len"]) for frame in frames), mtu + 14)
        self.assertEqual(set(traffic.checksum_errors(guest).values()), {0})
        tcp = traffic.counted(guest, "Tcp")
        self.assertLessEqual(tcp["RetransSegs"], MOST_RETRANSMITS * tcp["OutSegs"], tcp)

    def test_each_mode(self):
        case.require("tshark", "tshark")
        self.boot("avio_lan", "lan")
        for number, guest in enumerate(self.guests, 1):
            guest.check(f"ip address add fd09::{number}/64 dev eth0")
        case.spawn(self, self.station.command("iperf3", "-s"), stdout=subprocess.DEVNULL)
        for mode, mtu in CELLS:
            self.use(mode, mtu)
            watcher = self.station.watch()
            for guest, adaptor in zip(self.guests, ("avio_lan", "lan")):
                with self.subTest(mode=mode, mtu=mtu, guest=adaptor):
                    self.ping(guest, mtu)
                    self.transfer(guest, f"{mode}, MTU {mtu}, {adaptor}")
            frames = self.station.seen(watcher)
            for guest, adaptor in zip(self.guests, ("avio_lan", "lan")):
                with self.subTest("checksums", mode=mode, mtu=mtu, guest=adaptor):
                    self.judge(frames, guest, mtu)
        self.check_drops()

    def test_what_a_mode_cannot_do_is_said(self):
        for mode in ("xdp", "xdp-generic"):
            with self.subTest(mode=mode):
                self.use(mode, 9000)
                self.await_remark("AF_XDP has no room for the frames of the interface's MTU", "not in use")
                self.set_mtu(1500)
                self.await_remark("Backing Mode         : xdp")
        self.use("auto", 9000)
        self.await_remark("AF_XDP gains nothing on a virtual interface (veth)", ": packet\n")


if __name__ == "__main__":
    case.main()
