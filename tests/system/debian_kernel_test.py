#!/usr/bin/python3
"""The daemon on Debian's own kernel, in a guest that has this machine's files: all kinds of backing
interface of uplink_kinds_test. That kernel has bonds and VLAN interfaces, and no tcx, so that the host's
side is a clsact discipline."""

import pathlib
import shlex
import shutil
import tempfile
import unittest

from lab import case
from lab.machine import Machine

# As many at a time as the machine has processors: patterns of tests.
HALVES = (("Vlan", "ActiveBackup"), ("Aggregated", "Veth"))
KINDS = ("Vlan:", "VlanOfBond:", "ActiveBackup:", "Aggregated:", "Veth:")  # that these are
HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 600  # seconds
RECOVERY = "20"  # seconds; what it takes is printed


class DebianKernel(unittest.TestCase):
    def test_kinds_of_backing_interface(self):
        case.require("qemu-system-x86_64", "qemu-system-x86")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="hpvm-"))
        self.addCleanup(shutil.rmtree, folder)
        machine = Machine("debian", folder)
        self.addCleanup(machine.stop)
        machine.start()
        machine.wait_ready()
        machine.mount()
        done = machine.run_there(["sh", "-c", self.script()], LIMIT, HPVMNET_TEST_RECOVERY=RECOVERY)
        print(done.output)
        self.assertEqual(done.status, 0)
        self.assertNotIn("skipped", done.output)
        for kind in KINDS:
            self.assertIn(kind, done.output, "its tests have not run")

    @staticmethod
    def script():
        """Runs the halves beside each other; fails where one does."""
        starts = []
        for number, patterns in enumerate(HALVES):
            test = ["/usr/bin/python3", "-B", str(HERE / "uplink_kinds_test.py")]
            words = shlex.join([*test, *(word for pattern in patterns for word in ("-k", pattern))])
            starts.append(f"{words} > /run/{number} 2>&1 & processes=\"$processes $!\"; ")
        return "".join(starts) + "for one in $processes; do wait $one || failed=1; done; cat /run/[0-9]; exit ${failed:-0}"


if __name__ == "__main__":
    case.main()
