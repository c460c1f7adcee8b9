#!/usr/bin/python3
"""A daemon with 64 attached guests that are silent costs next to nothing."""

import pathlib
import re
import subprocess
import time

from lab import case

PORTS = 64
SECONDS = 10
MOST_PROCESSOR = 0.005  # of one processor
MOST_RESIDENT = 100     # MB


class Idle(case.LabCase):
    def test_64_ports(self):
        for port in range(1, PORTS + 1):
            self.add_guest(f"guest{port}", "avio_lan", port)
        sockets = [str(self.socket_of(port)) for port in range(1, PORTS + 1)]
        front_ends = case.spawn(self, [case.built_tool("attach_guests"), *sockets],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertEqual(front_ends.stdout.readline(), "ready\n")
        active = re.findall(r"^\d+ +Active ", self.command("hpvmnet", "-S", self.vswitch), re.M)
        self.assertEqual(len(active), PORTS)

        time.sleep(1)
        before = self.processor_time()
        time.sleep(SECONDS)
        used = (self.processor_time() - before) / SECONDS
        print(f"   {100 * used:.3f} % of a processor, {self.resident():.1f} MB resident")
        self.assertLess(used, MOST_PROCESSOR)
        self.assertLess(self.resident(), MOST_RESIDENT)

    def processor_time(self):
        """Seconds that all threads of the daemon have run."""
        tasks = pathlib.Path(f"/proc/{self.daemon.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def resident(self):
        status = pathlib.Path(f"/proc/{self.daemon.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1000


if __name__ == "__main__":
    case.main()
