#!/usr/bin/python3
"""Guests with two processors and two pairs of queues, and a daemon with two workers."""

import re

from lab import case, traffic
from lab.guest import MEMORY

SECONDS = case.setting("IPERF_SECONDS", 10)
PAIRS = 2
STREAMS = 4


class Queues(case.LabCase):
    daemon_options = ("--workers", "0,1")

    def test_two_pairs(self):
        for port in (1, 2):
            self.add_guest(f"guest{port}", "avio_lan", port)
            self.command("hpvmnet", "-S", self.vswitch, "-u", f"portid:{port}:queues:{PAIRS}")
        names = ("guest1", "guest2")
        one, two = self.boot_with(
            {name: self.daemon.qemu_arguments(name, MEMORY) for name in names}, processors=PAIRS)
        for guest in (one, two):
            queues = guest.check("ls -d /sys/class/net/eth0/queues/tx-*").split()
            self.assertEqual(len(queues), PAIRS)
        self.assertEqual(traffic.ping(one, two.address), traffic.Ping(100, 100))

        traffic.serve_iperf(two)
        for reverse in (False, True):
            transfer = traffic.iperf(one, two, SECONDS, reverse, STREAMS)
            print(f"   {STREAMS} streams{' back' if reverse else ''}: {transfer.megabits:.0f} Mbit/s,"
                  f" {transfer.retransmits} retransmits")
            self.assertGreater(transfer.megabits, 1)
        for guest in (one, two):
            self.assertEqual(set(traffic.checksum_errors(guest).values()), {0})
        self.check_drops()

        workers = [re.search(r"^Workers +: (.*)$", self.command(
            "hpvmnet", "-S", self.vswitch, "-p", str(port)), re.M)[1].split() for port in (1, 2)]
        self.assertEqual([len(each) for each in workers], [PAIRS, PAIRS])
        self.assertEqual({worker for each in workers for worker in each}, {"0", "1"})


if __name__ == "__main__":
    case.main()
