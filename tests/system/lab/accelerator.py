"""How QEMU runs the guests' code: with KVM where that works, else by emulation."""

import functools
import os
import pathlib
import subprocess
import threading

from lab.files import cache, locked
from lab.kernel import kernel

QEMU = "qemu-system-x86_64"

# Emulated, a kernel boots within this: a KVM that takes longer is of no use.
TRIAL_LIMIT = 15  # seconds


@functools.cache
def accelerator():
    """"kvm" or "tcg". KVM that is there but does not bring up a kernel is not rare inside virtual machines."""
    chosen = os.environ.get("HPVMNET_ACCELERATOR")
    return chosen or _remembered()


def explanation():
    if accelerator() == "kvm":
        return "QEMU runs the guests with KVM"
    return "KVM does not work here, so QEMU emulates the guests' processors (slower, else the same)"


def processor():
    """Arguments that follow from the accelerator."""
    if accelerator() == "kvm":
        return ["-accel", "kvm", "-cpu", "host"]
    # QEMU 7.2 ends when it emulates a guest whose vhost-user NIC has MSI-X
    return ["-accel", "tcg", "-cpu", "max", "-global", "virtio-net-pci.vectors=0"]


def _remembered():
    """The outcome of one trial since the machine booted."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    image = kernel().image
    boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    with locked(cache()):
        memory = cache() / "accelerator"
        known = memory.read_text(encoding="ascii").split() if memory.exists() else []
        if len(known) != 2 or known[0] != boot:
            known = [boot, "kvm" if _kvm_boots(image) else "tcg"]
            memory.write_text(" ".join(known), encoding="ascii")
        return known[1]


def _kvm_boots(image):
    """Whether the guests' kernel comes up as far as to miss its root file system. Less is no proof: there is
    KVM that runs a few instructions, and stops seconds later at one that it cannot emulate."""
    command = [QEMU, "-accel", "kvm", "-cpu", "host", "-machine", "q35", "-m", "128", "-nodefaults",
               "-no-user-config", "-display", "none", "-no-reboot", "-serial", "stdio",
               "-kernel", str(image), "-append", "console=ttyS0 panic=-1"]
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
    except OSError:
        return False
    limit = threading.Timer(TRIAL_LIMIT, process.kill)
    limit.start()
    try:
        return _misses_root(process.stdout)
    finally:
        limit.cancel()
        process.kill()
        process.communicate()


def _misses_root(console):
    for line in console:
        if b"Unable to mount root fs" in line:
            return True
        if b"KVM internal error" in line:
            return False
    return False
