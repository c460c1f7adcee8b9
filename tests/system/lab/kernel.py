"""The kernel of the guests: Debian's own, unpacked rather than installed."""

import lzma
import pathlib
import re
import shutil
import subprocess
import tempfile

from lab.files import LabError, cache, locked

# What init loads, and with it what these depend on: in a guest, and in one that runs the switch itself
# (machine.py).
DRIVERS = ("virtio_pci", "virtio_net", "e1000")
HOST_DRIVERS = ("virtio_pci", "9p", "9pnet_virtio", "veth", "tun", "bonding", "8021q", "sch_ingress", "cls_bpf")
ALL_DRIVERS = DRIVERS + HOST_DRIVERS


class Kernel:
    """Files of one kernel: `image`, an ELF file, and modules."""

    def __init__(self, folder):
        self.image = folder / "vmlinux"
        self._modules = {path.stem: path for path in folder.glob("*.ko")}

    def modules(self, drivers):
        """Those of these drivers and of what they depend on, in the order to load them."""
        return _in_order(self._modules, drivers)

    def has(self, drivers):
        return self._modules.keys() >= set(drivers)


def kernel(say=lambda text: None):
    """The newest kernel that apt offers; without apt's lists the newest that was kept. One that was kept
    for fewer drivers is fetched again."""
    folder = cache()
    with locked(folder):
        package, version = _offered()
        if not package:
            kept = sorted(folder.glob("linux-image-*"), key=lambda path: path.stat().st_mtime)
            if not kept:
                raise LabError("apt knows no package linux-image-amd64: run `apt-get update` first")
            return Kernel(kept[-1])
        made = folder / f"{package}_{version.replace(':', '-')}"
        if not Kernel(made).has(ALL_DRIVERS):
            say(f"fetching the guests' kernel, {package} {version} (70 MB)")
            _make(package, version, made, say)
        return Kernel(made)


def _offered():
    meta = _lines("apt-cache", "depends", "linux-image-amd64")
    names = [line.split()[1] for line in meta if re.match(r"\s*Depends: linux-image-", line)]
    if not names:
        return None, None
    policy = _lines("apt-cache", "policy", names[0])
    version = [line.split()[1] for line in policy if line.strip().startswith("Candidate:")]
    return names[0], version[0]


def _lines(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()


def _make(package, version, made, say):
    with tempfile.TemporaryDirectory(dir=made.parent) as work:
        work = pathlib.Path(work)
        # apt's own user could not write here
        download = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download",
                    f"{package}={version}"]
        result = subprocess.run(download, cwd=work, capture_output=True, text=True, check=False)
        archives = list(work.glob("*.deb"))
        if result.returncode or not archives:
            raise LabError(f"{package} {version} cannot be downloaded: {result.stderr.strip()}\n"
                           "Is the network there? Does `apt-get update` work?")
        say("unpacking it")
        _unpack(archives[0], work)
        ready = work / "ready"
        ready.mkdir()
        (ready / "vmlinux").write_bytes(_decompressed(next(work.glob("boot/vmlinuz-*"))))
        modules = {path.stem.replace("-", "_"): path for path in work.glob("lib/modules/**/*.ko")}
        for path in _in_order(modules, ALL_DRIVERS):
            shutil.copy(path, ready / f"{path.stem.replace('-', '_')}.ko")
        shutil.rmtree(made, ignore_errors=True)
        ready.rename(made)


def _unpack(archive, folder):
    """Folders and files that hold the drivers and what they depend on."""
    subprocess.run(
        f"dpkg-deb --fsys-tarfile '{archive}' | tar -x -C '{folder}' --wildcards './boot/vmlinuz-*' "
        "'*/drivers/virtio/*' '*/net/*' '*/fs/9p/*' '*/fs/netfs/*' '*/fs/fscache/*'",
        shell=True, check=True)


def _decompressed(image):
    """The ELF file inside a bzImage. An emulated processor would take seconds for this."""
    content = image.read_bytes()
    for match in re.finditer(rb"\xfd7zXZ\0", content):
        try:
            elf = lzma.LZMADecompressor().decompress(content[match.start():])
        except lzma.LZMAError:
            continue
        if elf.startswith(b"\x7fELF"):
            return elf
    raise LabError(f"{image.name} holds no kernel compressed with xz")


def _in_order(modules, drivers):
    """Paths of the drivers and of what they depend on, dependencies first."""
    order = []

    def visit(name):
        path = modules[name]
        if path in order:
            return
        depends = re.search(rb"\0depends=([^\0]*)\0", path.read_bytes()).group(1).decode()
        for other in filter(None, depends.split(",")):
            visit(other.replace("-", "_"))
        order.append(path)

    for driver in drivers:
        visit(driver)
    return order
