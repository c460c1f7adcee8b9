#!/usr/bin/python3
"""All pairs of guests: ping, iperf3 both ways, and frames of each length."""

import re
import time

from lab import case, traffic
from lab.guest import MEMORY

SECONDS = case.setting("IPERF_SECONDS", 10)
# Of the segments sent. A guest that is slower than its peer has no buffer now and then, and TCP finds
# its rate by that; a switch that loses or damages frames costs much more.
MOST_RETRANSMITS = 0.02


class Pair:
    """Not a test by itself; the classes below are."""

    adaptors = ()

    def test_traffic(self):
        one, two = self.boot(*self.adaptors, tools=[case.built_tool("frame_probe")])
        with self.subTest("ping"):
            for a, b in ((one, two), (two, one)):
                self.assertEqual(traffic.ping(a, b.address), traffic.Ping(100, 100))
        with self.subTest("frames of each length"):
            for sender, receiver in ((one, two), (two, one)):
                self.exchange_lengths(sender, receiver)
        traffic.serve_iperf(two)
        for reverse in (False, True):
            with self.subTest("iperf3", reverse=reverse):
                transfer = traffic.iperf(one, two, SECONDS, reverse)
                print(f"   {' to '.join(self.adaptors)}{' back' if reverse else ''}: "
                      f"{transfer.megabits:.0f} Mbit/s, {transfer.retransmits} retransmits")
                self.assertGreater(transfer.megabits, 1)
        for guest in (one, two):
            with self.subTest("what the kernel counted", guest=guest.name):
                self.look_for_anomalies(guest)
        with self.subTest("what the switch dropped"):
            self.check_drops()

    def exchange_lengths(self, sender, receiver):
        address = receiver.check("cat /sys/class/net/eth0/address").strip()
        receiver.check("frame_probe receive eth0 60 > /tmp/probe 2>&1 & sleep 1")
        sender.check(f"frame_probe send eth0 {address}", limit=60)
        report = receiver.check(
            "while pidof frame_probe > /dev/null; do sleep 0.2; done; cat /tmp/probe", limit=90)
        self.assertEqual(report.strip(), "missing 0 damaged 0 repeated 0",
                         f"{sender.name} to {receiver.name}")

    def look_for_anomalies(self, guest):
        self.assertEqual(set(traffic.checksum_errors(guest).values()), {0})
        tcp = traffic.counted(guest, "Tcp")
        self.assertEqual(tcp["InErrs"], 0)
        self.assertLessEqual(tcp["RetransSegs"], MOST_RETRANSMITS * tcp["OutSegs"], tcp)
        faults = guest.check("cat /sys/class/net/eth0/statistics/rx_errors "
                             "/sys/class/net/eth0/statistics/tx_errors").split()
        self.assertEqual(faults, ["0", "0"])


class TwoAccelerated(Pair, case.LabCase):
    adaptors = ("avio_lan", "avio_lan")


class AcceleratedAndEmulated(Pair, case.LabCase):
    adaptors = ("avio_lan", "lan")

    def test_traffic(self):
        super().test_traffic()
        with self.subTest("migration of the emulated one"):
            self.migrate(*self.guests)

    def migrate(self, one, two):
        """Port, VLAN and address stay; the card is another one after the next start."""
        self.command("hpvmnet", "-S", self.vswitch, "-u", "portid:2:vlanid:7")
        self.command("hpvmnet", "-S", self.vswitch, "-u", "portid:1:vlanid:7")
        before = self.command("hpvmstatus", "-P", two.name, "-d")
        refused = self.daemon.run("hpvmmodify", "-P", two.name, "--migrate-to-avio")
        self.assertIn("stop the guest first", refused.stderr)
        plan = self.command("hpvmmodify", "-P", two.name, "--migrate-to-avio", "--dry-run")
        self.assertRegex(plan, r"- network:lan:(.*)\n\+ network:avio_lan:\1\n")
        self.assertEqual(self.command("hpvmstatus", "-P", two.name, "-d"), before)
        two.stop()
        self.guests.remove(two)
        self.await_off(two.name)
        self.command("hpvmmodify", "-P", two.name, "--migrate-to-avio")
        self.assertEqual(self.command("hpvmstatus", "-P", two.name, "-d"), before.replace(":lan:", ":avio_lan:"))
        again, = self.boot_with({two.name: self.daemon.qemu_arguments(two.name, MEMORY)})
        self.assertEqual(again.address, two.address)
        self.assertEqual(traffic.ping(one, again.address, count=10), traffic.Ping(10, 10))
        driver = again.check("readlink /sys/class/net/eth0/device/driver").strip()
        self.assertTrue(driver.endswith("virtio_net"), driver)
        self.assertRegex(self.command("hpvmnet", "-S", self.vswitch), r"\n2 +Active +avio_lan 7 ")

    def await_off(self, guest):
        deadline = time.monotonic() + 10
        while not re.search(r" Off\b", self.command("hpvmstatus", "-P", guest)):
            self.assertLess(time.monotonic(), deadline, "the guest is still attached")
            time.sleep(0.1)


class TwoEmulated(Pair, case.LabCase):
    adaptors = ("lan", "lan")


if __name__ == "__main__":
    case.main()
