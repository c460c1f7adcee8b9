"""How QEMU runs the guests' code: with KVM where that works, else by emulation."""

import functools
import os
import pathlib
import subprocess
import tempfile

QEMU = "qemu-system-x86_64"

# A ROM whose only instructions, at the address where processors start, write 16 to the debug exit
# device: mov $16,%al; out %al,$0xf4; hlt.
_ROM = bytes(0xFFF0) + bytes([0xB0, 0x10, 0xE6, 0xF4, 0xF4]) + bytes(11)
_STATUS = 16 << 1 | 1


@functools.cache
def accelerator():
    """"kvm" or "tcg". KVM that is there but does not run code is not rare inside virtual machines."""
    chosen = os.environ.get("HPVMNET_ACCELERATOR")
    return chosen or ("kvm" if _kvm_runs() else "tcg")


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


def _kvm_runs():
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    with tempfile.TemporaryDirectory() as folder:
        rom = pathlib.Path(folder, "rom")
        rom.write_bytes(_ROM)
        command = [QEMU, "-accel", "kvm", "-cpu", "host", "-machine", "q35", "-m", "16", "-nodefaults",
                   "-display", "none", "-bios", rom,
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=1"]
        try:
            result = subprocess.run(command, capture_output=True, timeout=5, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return result.returncode == _STATUS
