#!/usr/bin/python3
"""The daemon is killed, stopped and started again under guests that go on."""

import signal
import subprocess
import time

from lab import case, traffic
from lab.daemon import Daemon

RETURN_LIMIT = 3.0  # seconds from the start of the daemon to the first answer
STOP_LIMIT = 1.0    # seconds from SIGTERM to the end
CRASHES = 3


def packed_rings(guest):
    """Whether the guest's driver has agreed on VIRTIO_F_RING_PACKED."""
    return guest.check("cat /sys/bus/virtio/devices/virtio0/features")[34] == "1"


class Restart(case.LabCase):
    def configuration(self):
        return [self.command(*words) for words in
                (("hpvmnet",), ("hpvmnet", "-S", self.vswitch, "-V"), ("hpvmstatus",),
                 ("hpvmstatus", "-P", "guest1", "-d"), ("hpvmstatus", "-P", "guest2", "-d"))]

    def test_accelerated_guests_come_back_after_a_crash(self):
        one, two = self.boot("avio_lan", "avio_lan", settings=["portid:2:rings:packed"])
        self.assertEqual([packed_rings(one), packed_rings(two)], [False, True])
        self.command("hpvmnet", "-S", self.vswitch, "-u", "portid:1:vlanid:7")
        self.command("hpvmnet", "-S", self.vswitch, "-u", "portid:2:vlanid:7")
        self.assertEqual(traffic.ping(one, two.address, count=10), traffic.Ping(10, 10))
        before = self.configuration()
        boots = one.check("cat /proc/sys/kernel/random/boot_id")
        for _ in range(CRASHES):
            self.daemon.kill()
            time.sleep(1)
            self.daemon.start()
            took = traffic.reach(one, two.address, 10)
            print(f"   the first answer came {took:.1f} s after the daemon")
            self.assertLess(took, RETURN_LIMIT)
            self.assertEqual(traffic.ping(two, one.address), traffic.Ping(100, 100))
        self.assertEqual(one.check("cat /proc/sys/kernel/random/boot_id"), boots)
        self.assertEqual(self.configuration(), before)

    def test_guests_on_datagrams_go_on_after_a_restart(self):
        networks = {}
        for port in (1, 2):
            self.add_guest(f"guest{port}", "lan", port)
            socket = self.socket_of(port)
            networks[f"guest{port}"] = [
                "-netdev", f"dgram,id=n0,local.type=unix,local.path={socket.with_suffix('.qemu')},"
                           f"remote.type=unix,remote.path={socket.with_suffix('.dgram')}",
                "-device", f"e1000,netdev=n0,mac=02:00:00:00:00:0{port}"]
        one, two = self.boot_with(networks)
        self.assertEqual(traffic.ping(one, two.address, 10), traffic.Ping(10, 10))
        self.assertEqual(self.daemon.stop(), 0)
        self.daemon.start()
        took = traffic.reach(one, two.address, 10)
        print(f"   the first answer came {took:.1f} s after the daemon")
        self.assertEqual(traffic.ping(two, one.address, 10), traffic.Ping(10, 10))


class Stop(case.LabCase):
    def test_sigterm_with_guests_attached(self):
        self.boot("avio_lan", "lan")
        begin = time.monotonic()
        self.assertEqual(self.daemon.stop(), 0)
        took = time.monotonic() - begin
        print(f"   it took {took:.2f} s")
        self.assertLess(took, STOP_LIMIT)
        left = [str(path) for path in self.daemon.run_folder.rglob("*") if path.is_socket()]
        self.assertEqual(left, [])

    def test_a_second_daemon_is_refused(self):
        second = subprocess.run(self.daemon.arguments(), capture_output=True, text=True, timeout=20,
                                check=False)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn(str(self.daemon.run_folder), second.stderr + second.stdout)
        self.command("hpvmnet")  # the first one goes on

    def test_a_second_daemon_on_the_same_state_is_refused(self):
        other = Daemon(self.folder / "other")
        other.folder.mkdir()
        other.state_folder = self.daemon.state_folder
        second = subprocess.run(other.arguments(), capture_output=True, text=True, timeout=20,
                                check=False)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn(str(self.daemon.state_folder), second.stderr + second.stdout)

    def test_a_daemon_that_does_not_answer(self):
        self.daemon.process.send_signal(signal.SIGSTOP)
        try:
            result = self.daemon.run("hpvmnet")
        finally:
            self.daemon.process.send_signal(signal.SIGCONT)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(str(self.daemon.run_folder), result.stderr)
        self.assertIn("answer", result.stderr)

    def test_no_daemon(self):
        self.daemon.stop()
        result = self.daemon.run("hpvmnet")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(str(self.daemon.run_folder), result.stderr)
        self.assertIn("hpvmnetd", result.stderr)


if __name__ == "__main__":
    case.main()
