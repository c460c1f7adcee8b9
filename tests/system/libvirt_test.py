#!/usr/bin/python3
"""A guest of libvirt with what `hpvmstatus --libvirt` prints, and QEMU run by a user that is not root."""

import os
import shutil
import stat
import unittest

from lab import case, image, kernel
from lab.guest import MEMORY
from lab.libvirt import USER, Domain, Libvirt, folder_of_user
from lab.network import Namespace

ACCELERATED, EMULATED = "10.9.0.1", "10.9.1.1"
HOST = ("10.9.0.9/24", "10.9.1.9/24")


class OnLibvirt(case.LabCase):
    daemon_options = ("--socket-owner", str(USER), "--socket-mode", "0600")

    @classmethod
    def setUpClass(cls):
        case.require("libvirtd", "libvirt-daemon")
        case.require("virsh", "libvirt-clients")
        if not os.path.exists("/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so"):
            raise unittest.SkipTest("libvirt has no driver for QEMU; apt-get install libvirt-daemon-driver-qemu")

    def daemon_prefix(self):
        self.host = Namespace(self, "host")
        return self.host.command()

    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)  # QEMU's user passes through it

    def test_a_guest_reaches_the_switch_by_both_kinds_of_card(self):
        self.command("hpvmcreate", "-P", "guest1", "-a", f"network:avio_lan:0,1:vswitch:{self.vswitch}:portid:1",
                     "-a", f"network:lan:0,2:vswitch:{self.vswitch}:portid:2")
        self.command("hpvmcreate", "-P", "host", "-a", f"network:tap::vswitch:{self.vswitch}:ifname:host0")
        for setting in ("queues:2", "rings:packed"):  # libvirt is to know the words for these, too
            self.command("hpvmnet", "-S", self.vswitch, "-u", f"portid:1:{setting}")
        self.host.assign("host0", *HOST)
        self.host.ip("link", "set", "host0", "up")
        for port in (1, 2):
            found = os.stat(self.socket_of(port))
            self.assertEqual(stat.S_IMODE(found.st_mode), 0o600)
            self.assertEqual(found.st_uid, USER)

        libvirt = Libvirt(self.folder)
        self.addCleanup(libvirt.stop)
        libvirt.wait_ready()
        linux = kernel.kernel()
        folder = folder_of_user(self.folder / "guest")
        shutil.copy(linux.image, folder / "vmlinux")  # where it is kept may be closed to others
        image.write_image(folder / "initrd", linux)
        text = self.command("hpvmstatus", "-P", "guest1", "--libvirt", "--tcg", "--memory", str(MEMORY))
        guest = Domain(libvirt, "guest1", folder, folder / "vmlinux", folder / "initrd",
                       [f"{ACCELERATED}/24", f"{EMULATED}/24"], text)
        self.addCleanup(guest.stop)
        guest.start()
        guest.wait_ready()
        for address in (ACCELERATED, EMULATED):
            with self.subTest(address):
                self.host.await_reach(address, 20)
                self.assertEqual(self.host.reaches(address, 20), 20)
        drivers = guest.check("for card in /sys/class/net/eth*; do readlink $card/device/driver; done").split()
        self.assertEqual(sorted(path.rsplit("/", 1)[1] for path in drivers), ["e1000", "virtio_net"])
        self.check_drops()
        self.assertIn("guest1 ", self.command("hpvmstatus"))
        self.assertIn("On (OS)", self.command("hpvmstatus"))


if __name__ == "__main__":
    case.main()
