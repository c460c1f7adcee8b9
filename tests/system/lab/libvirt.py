"""libvirt's daemon of this test alone, and guests in it."""

import os
import pathlib
import subprocess
import time
import xml.etree.ElementTree as xml

from lab.files import LabError
from lab.guest import BOOT_LIMIT
from lab.orders import Orders

QEMU_WORDS = "http://libvirt.org/schemas/domain/qemu/1.0"
# Debian's number of libvirt-qemu, the user and group that run QEMU. libvirtd wants them to have that name,
# which libvirt-daemon-system gives them; here they need not be on the machine.
USER = 64055
ACCOUNTS = {"passwd": f"libvirt-qemu:x:{USER}:{USER}:::/usr/sbin/nologin", "group": f"libvirt-qemu:x:{USER}:"}
SETTINGS = f"""user = "+{USER}"
group = "+{USER}"
security_driver = "none"
cgroup_controllers = []
namespaces = []
dynamic_ownership = 0
stdio_handler = "file"
"""
# Everything that libvirtd writes is its own: nothing of it is on the machine. KVM is closed to QEMU's user, as
# libvirt else asks QEMU about it, which takes minutes where it is there and does not work. Where libvirt
# believes that it could be used and QEMU does not, libvirt asks again and again.
START = """for folder in /run /etc/libvirt /var/lib /var/cache /var/log; do
  mount -t tmpfs -o mode=755 none $folder || exit 1
done
cp "$1/qemu.conf" /etc/libvirt/qemu.conf
for file in passwd group; do mount --bind "$1/$file" /etc/$file || exit 1; done
if [ -e /dev/kvm ]; then
  install -m 000 /dev/null /run/closed && mount --bind /run/closed /dev/kvm || exit 1
fi
libvirtd < /dev/null &
cat <&0 &
wait -n  # for libvirtd, or for the end of the input; then nothing of this is left, QEMU included
"""


class Libvirt:
    """Started; its log and settings are in the folder. All its processes and mounts end with it, and it with
    the process that made it."""

    def __init__(self, folder):
        self.log = folder / "libvirtd.log"
        (folder / "qemu.conf").write_text(SETTINGS, encoding="ascii")
        for file, account in ACCOUNTS.items():
            there = pathlib.Path("/etc", file).read_text(encoding="utf-8").splitlines()
            others = [line for line in there if not line.startswith("libvirt-qemu:")]
            (folder / file).write_text("\n".join([*others, account, ""]), encoding="utf-8")
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen(
                ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "bash", "-c", START, "bash", str(folder)],
                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True)

    def stop(self):
        self._process.stdin.close()
        self._process.wait()

    def wait_ready(self, limit=60):
        deadline = time.monotonic() + limit
        while self._virsh("version").returncode:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise LabError(f"libvirtd does not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.2)

    def virsh(self, *words):
        """A command that must succeed; yields its output."""
        done = self._virsh(*words)
        if done.returncode:
            raise LabError(f"virsh {words[0]}: {done.stderr.strip()}\n{self.log.read_text(errors='replace')[-2000:]}")
        return done.stdout

    def _virsh(self, *words):
        here = f"/proc/{self._process.pid}/ns"
        return subprocess.run(
            ["nsenter", f"--mount={here}/mnt", f"--pid={here}/pid_for_children",
             "virsh", "-c", "qemu:///system", *words],
            capture_output=True, text=True, timeout=60, check=False)


class Domain:
    """A guest of this lab in libvirt. `text` is what `hpvmstatus --libvirt` prints; to it come the kernel
    and the guest's two serial lines, in `folder`, which is USER's."""

    def __init__(self, libvirt, name, folder, kernel, image, addresses, text):
        self.name = name
        self._libvirt = libvirt
        self._console = folder / f"{name}.console"
        self._orders_path = folder / f"{name}.orders"
        self._orders = None
        xml.register_namespace("qemu", QEMU_WORDS)
        domain = xml.fromstring(text)
        system = xml.SubElement(domain, "os")
        xml.SubElement(system, "type", arch="x86_64", machine="q35").text = "hvm"
        xml.SubElement(system, "kernel").text = str(kernel)
        xml.SubElement(system, "initrd").text = str(image)
        xml.SubElement(system, "cmdline").text = (
            f"console=ttyS0 quiet mitigations=off lab.name={name} lab.addresses={','.join(addresses)}")
        devices = domain.find("devices")
        console = xml.SubElement(devices, "serial", type="file")
        xml.SubElement(console, "source", path=str(self._console))
        orders = xml.SubElement(devices, "serial", type="unix")
        xml.SubElement(orders, "source", mode="bind", path=str(self._orders_path))
        self._definition = folder / f"{name}.xml"
        xml.ElementTree(domain).write(self._definition)

    def start(self):
        self._libvirt.virsh("create", str(self._definition))
        self._orders = Orders(self.name, self._orders_path, 10)

    def wait_ready(self, limit=BOOT_LIMIT):
        try:
            self._orders.wait_ready(limit)
        except LabError as error:
            raise LabError(f"{error}\n{self._console.read_text(errors='replace')[-2000:]}") from None

    def check(self, command, limit=30):
        done = self._orders.answer(self._orders.send(command, limit), limit + 20)
        if done.status:
            raise LabError(f"guest {self.name}: `{command}` ended with status {done.status}:\n{done.output}")
        return done.output

    def stop(self):
        if self._orders:
            self._orders.close()


def folder_of_user(path):
    """Makes a folder that is USER's."""
    path.mkdir()
    os.chown(path, USER, USER)
    os.chmod(path, 0o755)
    return path
