#!/usr/bin/python3
"""A lan port that connects to passt: a guest reaches a host's servers without a bridge or privileges.

    guest ── avio_lan port 1 ── vswitch ── lan port 2 ──► passt in a namespace ── servers on its loopback
"""

import hashlib
import os
import subprocess
import time

from lab import case, traffic
from lab.files import LabError
from lab.guest import MEMORY
from lab.network import Namespace

SECONDS = case.setting("IPERF_SECONDS", 5)
FILE_SIZE = 4 * 1024 * 1024

# What udhcpc runs with what it was given.
CONFIGURE = r"""#!/bin/sh
[ "$1" = bound ] || exit 0
ip address add "$ip/$mask" dev "$interface"
ip route add default via "$router"
"""


class Host(Namespace):
    """Where passt and the servers run. To passt's guest, `address` is that of the loopback interface
    here, and what a guest gets by DHCP is `own_address`."""

    address = "192.0.2.1"
    own_address = "192.0.2.2"

    def __init__(self, test):
        super().__init__(test, "passt")
        # passt takes after an interface with a default route
        self.ip("link", "add", "outside", "type", "veth", "peer", "name", "nowhere")
        self.ip("link", "set", "outside", "up")
        self.ip("link", "set", "nowhere", "up")
        self.assign("outside", f"{self.own_address}/24")
        self.ip("route", "add", "default", "via", self.address)


class Passt(case.LabCase):
    def setUp(self):
        case.require("passt", "passt")
        case.require("ip", "iproute2")
        super().setUp()
        self.host = Host(self)
        self.socket = self.folder / "passt.socket"

    def start_passt(self):
        """As root it would become a user to whom the test's folder is closed."""
        with open(self.folder / "passt.log", "ab") as log:
            passt = case.spawn(self, self.host.command(
                "passt", "--foreground", "--ipv4-only", "--runas", "0", "--socket", self.socket),
                stdout=log, stderr=log)
        return passt

    def wait_for_state(self, state, limit=10):
        deadline = time.monotonic() + limit
        while f" {state}\n" not in self.command("hpvmnet", "-S", self.vswitch, "-p", "2"):
            if time.monotonic() > deadline:
                raise LabError(f"port 2 is not {state} within {limit} s")
            time.sleep(0.1)

    def boot_guest(self):
        """A guest that has got its address from passt."""
        script = self.folder / "configure"
        script.write_text(CONFIGURE)
        script.chmod(0o755)
        self.add_guest("guest", "avio_lan", 1)
        guest, = self.boot_with({"guest": self.daemon.qemu_arguments("guest", MEMORY)}, [script])
        guest.check("ip address flush dev eth0")
        guest.check("udhcpc -i eth0 -s /bin/configure -t 10 -n -q", limit=60)
        return guest

    def serve(self, *words):
        return case.spawn(self, self.host.command(*words), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, cwd=self.folder / "served")

    def fetch(self, guest):
        """The digest of the served file as the guest gets it."""
        return guest.check(f"wget -q -O - http://{self.host.address}:8000/file | sha256sum",
                           limit=60).split()[0]

    def test_a_guest_reaches_the_host_and_survives_passt(self):
        content = os.urandom(FILE_SIZE)
        (self.folder / "served").mkdir()
        (self.folder / "served" / "file").write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        self.serve("python3", "-m", "http.server", "--bind", "127.0.0.1", "8000")
        self.serve("iperf3", "-s", "-B", "127.0.0.1")

        self.command("hpvmcreate", "-P", "passt", "-a",
                     f"network:lan::vswitch:{self.vswitch}:portid:2:connect:{self.socket}")
        self.wait_for_state("Reserved")
        passt = self.start_passt()
        self.wait_for_state("Active")
        guest = self.boot_guest()

        self.assertIn(f"inet {self.host.own_address}/24", guest.check("ip address show eth0"))
        self.assertEqual(self.fetch(guest), digest)
        transfer = traffic.iperf(guest, self.host, SECONDS)
        print(f"   to the host: {transfer.megabits:.0f} Mbit/s")
        self.assertGreater(transfer.megabits, 1)

        passt.kill()
        passt.wait()
        self.wait_for_state("Reserved")
        self.start_passt()
        self.wait_for_state("Active")
        self.assertEqual(self.fetch(guest), digest)
        self.check_drops()

    def test_what_commands_show_of_it(self):
        self.start_passt()
        resource = f"network:lan:0,3,0x020000000003:vswitch:{self.vswitch}:portid:2:connect:{self.socket}"
        self.command("hpvmcreate", "-P", "passt", "-a", resource)
        self.wait_for_state("Active")
        self.assertIn(f"\n{resource}\n", self.command("hpvmstatus", "-P", "passt", "-d"))
        self.assertIn(f" {self.socket}\n", self.command("hpvmstatus", "-P", "passt"))
        qemu = self.daemon.run("hpvmstatus", "-P", "passt", "--qemu")
        self.assertEqual((qemu.returncode, qemu.stdout), (0, ""))

        elsewhere = f"network:lan:0,3:vswitch:{self.vswitch}:connect:{self.folder}/elsewhere"
        refused = self.daemon.run("hpvmmodify", "-P", "passt", "-m", elsewhere)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("guest 'passt' is attached to port 2", refused.stderr)
        wrong = self.daemon.run("hpvmmodify", "-F", "-P", "passt", "-m",
                                f"network:lan:0,3:vswitch:{self.vswitch}:connect:elsewhere")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("give its whole path", wrong.stderr)
        self.wait_for_state("Active")
        attached = self.daemon.log.read_text().count("port 2: guest attached")
        self.assertEqual(attached, 1, "what was refused has cost the connection")
        self.command("hpvmmodify", "-F", "-P", "passt", "-m", elsewhere)
        self.wait_for_state("Reserved")
        self.command("hpvmmodify", "-F", "-P", "passt", "-m",
                     f"network:lan:0,3:vswitch:{self.vswitch}:connect:none")
        self.assertTrue(self.socket_of(2).is_socket())

    def test_the_daemon_connects_again_after_its_own_restart(self):
        self.start_passt()
        self.command("hpvmcreate", "-P", "passt", "-a",
                     f"network:lan::vswitch:{self.vswitch}:portid:2:connect:{self.socket}")
        self.wait_for_state("Active")
        self.daemon.kill()
        self.daemon.start()
        self.wait_for_state("Active")


if __name__ == "__main__":
    case.main()
