"""What the system tests have in common: a daemon and guests for each test, and what to show when it fails."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from lab import files, image, kernel
from lab.daemon import Daemon
from lab.guest import MEMORY, Guest

# What ctest takes as "skipped".
SKIPPED = 77


class LabCase(unittest.TestCase):
    """Each test has a running daemon with a vswitch "test", in a folder of its own."""

    vswitch = "test"
    daemon_options = ()

    def setUp(self):
        self.set_up_lab()

    def set_up_lab(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hpvm-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.guests = []
        self.daemon = Daemon(self.folder, self.daemon_options, self.daemon_prefix())
        self.addCleanup(self._finish)
        self.daemon.start()
        self.command("hpvmnet", "-c", "-S", self.vswitch)
        self.command("hpvmnet", "-b", "-S", self.vswitch)

    def daemon_prefix(self):
        """Words before the daemon's command and its clients': where they are to run."""
        return ()

    def command(self, *words):
        """A client command that must succeed; yields its output."""
        return self.daemon.check(*words)

    def add_guest(self, name, adaptor, port):
        self.command("hpvmcreate", "-P", name, "-a",
                     f"network:{adaptor}::vswitch:{self.vswitch}:portid:{port}")

    def socket_of(self, port):
        return self.daemon.run_folder / "vswitch" / self.vswitch / f"{port}.sock"

    def boot(self, *adaptors, tools=(), settings=()):
        """Guests one, two, ... on ports 1, 2, ..., booted, with the arguments that hpvmstatus prints.
        The settings are of ports, as `hpvmnet -u` takes them."""
        names = [f"guest{number}" for number in range(1, len(adaptors) + 1)]
        for number, (name, adaptor) in enumerate(zip(names, adaptors), 1):
            self.add_guest(name, adaptor, number)
        for setting in settings:
            self.command("hpvmnet", "-S", self.vswitch, "-u", setting)
        return self.boot_with({name: self.daemon.qemu_arguments(name, MEMORY) for name in names}, tools)

    def boot_with(self, networks, tools=(), processors=1, descriptors=()):
        """Boots a guest for each name with these QEMU arguments, and the open files that they name."""
        linux = kernel.kernel()
        initrd = self.folder / "initrd"
        image.write_image(initrd, linux, tools)
        guests = []
        for name, network in networks.items():
            address = f"10.9.0.{len(self.guests) + 1}/24"
            guest = Guest(name, self.folder, linux, initrd, network, [address], processors, descriptors)
            self.guests.append(guest)
            guests.append(guest)
            guest.start()
        for guest in guests:
            guest.wait_ready()
        return guests

    def drops(self):
        """What the switch dropped, as `hpvmnet -A` shows it: {(port, reason): frames}."""
        text = self.command("hpvmnet", "-S", self.vswitch, "-A")
        _, _, dropped = text.partition("[Dropped Frames]")
        rows = [line.split() for line in dropped.splitlines()]
        return {(int(row[0]), row[2]): int(row[1]) for row in rows if row and row[0].isdigit()}

    def check_drops(self):
        """Fails if the switch dropped frames for another reason than two harmless ones: a queue of a
        receiver was full, or a guest spoke before the other one's driver had started."""
        self.assertEqual({reason for _, reason in self.drops()} - {"no_buffer", "no_receiver"}, set())

    def _finish(self):
        self._explain()
        for guest in self.guests:
            guest.stop()
        if self.daemon.process and self.daemon.process.poll() is None:
            self.assertEqual(self.daemon.stop(), 0, "exit status of hpvmnetd after SIGTERM")

    def _explain(self):
        """Says what the daemon and guests have said, where the test has failed."""
        result = self._outcome and self._outcome.result
        if not result or not any(test is self for test, _ in result.failures + result.errors):
            return
        print(f"\n--- {self.id()}: hpvmnetd's log\n{self.daemon.tail()}", file=sys.stderr)
        for guest in self.guests:
            print(f"--- {guest.name}\n{guest.tail()}", file=sys.stderr)


class SharedLabCase(LabCase):
    """All tests of the class have one daemon and what set_up_lab() makes; each leaves it as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lab = cls()
        cls.lab.addCleanup = cls.addClassCleanup  # what it makes ends with the class
        cls.lab.set_up_lab()

    def setUp(self):
        self.addCleanup(self._explain)

    def __getattr__(self, name):
        """What set_up_lab() has made is the lab's."""
        if "lab" not in vars(type(self)) or self is self.lab:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        return getattr(self.lab, name)


def require(program, package):
    """Skips the test where a program is missing."""
    if not shutil.which(program):
        raise unittest.SkipTest(f"{program} is not installed; apt-get install {package}")


def built_tool(name):
    """A program of this folder that CMake has built."""
    path = files.build_folder() / "tests" / name
    if not path.exists():
        raise files.LabError(f"{path} is not built")
    return path


def setting(name, default):
    """A number that shortens or lengthens tests, from the environment."""
    return int(os.environ.get(f"HPVMNET_TEST_{name}", default))


def spawn(case, command, **options):
    """A process that ends with the test."""
    process = subprocess.Popen(command, **options)
    case.addCleanup(_end, process)
    return process


def _end(process):
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()
    if process.poll() is None:
        process.kill()
    process.wait()


def main():
    """Runs the tests of the program. All skipped is not passed: ctest is told."""
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    tests = [test for test, _ in result.skipped if isinstance(test, unittest.TestCase)]  # besides, whole classes
    if result.skipped and len(tests) == result.testsRun:
        sys.exit(SKIPPED)
