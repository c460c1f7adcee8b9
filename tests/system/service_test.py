#!/usr/bin/python3
"""What systemd hears of the daemon, from sockets in its place: ready, alive, stopping; entries of the journal."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from lab import case
from lab.daemon import Daemon

PATIENCE = 20  # seconds
JOURNAL = "/run/systemd/journal/socket"


class Service(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hpvm-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def listen(self, path):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.settimeout(PATIENCE)
        listener.bind(str(path))
        return listener

    def start(self, prefix=(), **variables):
        daemon = Daemon(self.folder, prefix=prefix)
        process = case.spawn(self, daemon.arguments(), env=os.environ | variables, stderr=subprocess.PIPE)
        return daemon, process

    def test_it_says_when_it_is_ready_alive_and_stopping(self):
        manager = self.listen(self.folder / "notify")
        daemon, process = self.start(NOTIFY_SOCKET=str(self.folder / "notify"), WATCHDOG_USEC="200000")
        ready = manager.recv(500).decode()
        self.assertIn("READY=1\n", ready)
        self.assertIn("STATUS=", ready)
        daemon.check("hpvmnet")  # it is
        for _ in range(5):
            self.assertEqual(manager.recv(500), b"WATCHDOG=1")
        process.terminate()
        message = b""
        while not message.startswith(b"STOPPING=1"):
            message = manager.recv(500)
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_a_control_thread_that_stands_still_is_not_alive(self):
        manager = self.listen(self.folder / "notify")
        _, process = self.start(NOTIFY_SOCKET=str(self.folder / "notify"), WATCHDOG_USEC="200000")
        while manager.recv(500) != b"WATCHDOG=1":
            pass
        process.send_signal(signal.SIGSTOP)
        manager.settimeout(1)
        with self.assertRaises(TimeoutError):
            while True:  # what was on its way
                manager.recv(500)

    def test_the_journal_gets_fields(self):
        inner = self.folder / "journal"
        inner.mkdir()
        journal = self.listen(inner / "socket")
        stand_in = f"mkdir -p {os.path.dirname(JOURNAL)} && mount --bind {inner} {os.path.dirname(JOURNAL)}"
        prefix = ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs none /run && {stand_in} && exec \"$@\"", "sh"]
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        self.addCleanup(os.close, writing)
        stream = os.fstat(writing)
        daemon = Daemon(self.folder)
        process = case.spawn(self, [*prefix, *daemon.arguments()], stderr=writing,
                             env=os.environ | {"JOURNAL_STREAM": f"{stream.st_dev}:{stream.st_ino}"})
        entry = journal.recv(4000).decode()
        self.assertIn("SYSLOG_IDENTIFIER=hpvmnetd", entry.splitlines())
        self.assertIn("PRIORITY=6", entry.splitlines())
        while "serves" not in entry:
            entry = journal.recv(4000).decode()
        daemon.check("hpvmcreate", "-P", "one", "-a", "network:lan::vswitch:localnet:portid:7")
        guest = socket.socket(socket.AF_UNIX)
        self.addCleanup(guest.close)
        guest.connect(str(daemon.run_folder / "vswitch/localnet/7.sock"))
        while "guest attached" not in entry:
            entry = journal.recv(4000).decode()
        self.assertIn("HPVMNET_VSWITCH=localnet", entry.splitlines())
        self.assertIn("HPVMNET_PORT=7", entry.splitlines())
        process.terminate()
        self.assertEqual(process.wait(PATIENCE), 0)
        os.set_blocking(reading, False)
        with self.assertRaises(BlockingIOError):  # nothing was written twice
            os.read(reading, 1)


if __name__ == "__main__":
    case.main()
