#!/usr/bin/python3
"""DPDK's virtio_user as the front end: another implementation of drivers and of the protocol."""

import re
import subprocess
import time

from lab import case

SECONDS = case.setting("DPDK_SECONDS", 1)

# Devices' features.
VARIANTS = [
    "mrg_rxbuf=1,in_order=0",
    "mrg_rxbuf=0,in_order=0",
    "mrg_rxbuf=1,in_order=1",
    "mrg_rxbuf=0,in_order=1",
    "mrg_rxbuf=0,in_order=1,vectorized=1",
    "mrg_rxbuf=1,in_order=0,queues=4",
    "mrg_rxbuf=1,in_order=0,queue_size=64",
    "mrg_rxbuf=1,in_order=0,queue_size=1024",
    "packed_vq=1,mrg_rxbuf=1,in_order=0",
    "packed_vq=1,mrg_rxbuf=0,in_order=0",
    "packed_vq=1,mrg_rxbuf=1,in_order=1",
    "packed_vq=1,mrg_rxbuf=0,in_order=1,vectorized=1",
    "packed_vq=1,mrg_rxbuf=1,in_order=0,queues=4",
]


class VirtioUser(case.LabCase):
    def setUp(self):
        case.require("dpdk-testpmd", "dpdk-dev")
        super().setUp()
        for port in (1, 2):
            self.add_guest(f"guest{port}", "avio_lan", port)
            self.command("hpvmnet", "-S", self.vswitch, "-u", f"portid:{port}:rings:packed")

    def test_frames_go_round(self):
        for variant in VARIANTS:
            with self.subTest(variant):
                self.go_round(variant)

    def go_round(self, variant):
        """testpmd sends a burst on one port, and sends again what it receives on the other."""
        before = self.frames()
        devices = [word for port in (1, 2) for word in
                   ("--vdev", f"net_virtio_user{port},path={self.socket_of(port)},{variant}")]
        tester = case.spawn(
            self, ["dpdk-testpmd", "-l", "0,1", "--no-huge", "-m", "256", "--no-pci", "--file-prefix",
                   f"hpvm{self.daemon.process.pid}", *devices, "--", "--interactive",
                   "--total-num-mbufs=8192", "--no-flush-rx", "--forward-mode=io", *self.queues(variant)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        tester.stdin.write("start tx_first\n")
        tester.stdin.flush()
        time.sleep(SECONDS + 2)
        output, _ = tester.communicate("stop\nquit\n", timeout=30)
        totals = {name: int(value) for name, value in re.findall(
            r"(RX|TX)-packets: (\d+)", output.partition("Accumulated forward statistics")[2])}
        self.assertIn("RX", totals, output)
        self.assertGreater(totals["RX"], 10_000, output)
        # what was on its way when testpmd stopped is sent, and not received
        pairs = int((self.queues(variant) or ["=1"])[0].partition("=")[2])
        self.assertLessEqual(totals["TX"] - totals["RX"], 2 * 64 * pairs, output)
        self.assertGreaterEqual(self.frames() - before, totals["RX"])
        print(f"   {variant}: {totals['RX']} frames")

    @staticmethod
    def queues(variant):
        found = re.search(r"queues=(\d+)", variant)
        return [f"--rxq={found[1]}", f"--txq={found[1]}"] if found else []

    def frames(self):
        """How many went into the switch so far."""
        text = self.command("hpvmnet", "-S", self.vswitch, "-A")
        return sum(int(ingress) for ingress in
                   re.findall(r"^\d+ +(?:\S+ +)?(\d+) +\d+ +\d+ +\d+ +\d+$", text, re.M))


if __name__ == "__main__":
    case.main()
