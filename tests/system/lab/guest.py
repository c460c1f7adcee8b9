"""A guest: a QEMU process that runs Linux, and orders to what runs inside."""

import pathlib
import subprocess
import time

from lab.accelerator import QEMU, processor
from lab.files import LabError
from lab.orders import Orders

MEMORY = 192  # MiB

# From the start of QEMU to the agent's first word; emulated, on a busy machine, it has taken 40 s.
BOOT_LIMIT = 120


class Guest:
    """`network` are QEMU arguments of the vNICs, and of memory where they want it shared.
    `addresses` are those of eth0, eth1, ... `descriptors` are the open files that `network` names."""

    def __init__(self, name, folder, kernel, image, network, addresses=(), processors=1, descriptors=()):
        self.name = name
        self.addresses = list(addresses)
        self.processors = processors
        self.folder = pathlib.Path(folder)
        self.process = None
        self._descriptors = descriptors
        self._orders = None
        self._command = self._arguments(kernel, image, network)

    @property
    def console(self):
        """The socket of the guest's console: a shell."""
        return self.folder / f"{self.name}.console"

    @property
    def log(self):
        """What the guest wrote to its console, and QEMU to its standard error."""
        return self.folder / f"{self.name}.log"

    @property
    def address(self):
        return self.addresses[0].split("/")[0]

    def start(self, outlive=False):
        """Starts QEMU. `outlive`: it goes on when this process ends."""
        prefix = [] if outlive else ["setpriv", "--pdeathsig", "KILL"]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(prefix + self._command, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True,
                                            pass_fds=self._descriptors)
        try:
            self._orders = Orders(self.name, self._orders_path, 10)
        except OSError:
            raise LabError(f"QEMU does not start: {self.tail()}") from None

    def wait_ready(self, limit=BOOT_LIMIT):
        try:
            self._orders.wait_ready(limit)
        except LabError as error:
            raise LabError(f"{error}\n{self.tail()}") from None

    def run(self, command, limit=30):
        """Runs a shell command in the guest and yields its status and output."""
        return self._orders.answer(self._orders.send(command, limit), limit + 20)

    def check(self, command, limit=30):
        """Runs a shell command that must succeed and yields its output."""
        completed = self.run(command, limit)
        if completed.status:
            raise LabError(f"guest {self.name}: `{command}` ended with status {completed.status}:\n"
                           f"{completed.output}")
        return completed.output

    def reset(self):
        """Reboots at once, without a word to anyone. wait_ready() sees the end of it."""
        self._orders.send("reboot -f", 10)

    def stop(self):
        if self._orders:
            self._orders.close()
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()

    def tail(self):
        time.sleep(0.1)
        text = self.log.read_text(errors="replace").strip()
        return "\n".join(text.splitlines()[-15:])

    @property
    def _orders_path(self):
        return self.folder / f"{self.name}.orders"

    def _arguments(self, kernel, image, network):
        words = f"console=ttyS0 quiet mitigations=off lab.name={self.name}"
        if self.addresses:
            words += f" lab.addresses={','.join(self.addresses)}"
        memory = [] if "-m" in network else ["-m", str(MEMORY)]
        return [
            QEMU, "-name", self.name, *processor(), "-smp", str(self.processors),
            "-machine", "q35", *memory,
            "-nodefaults", "-no-user-config", "-display", "none",
            "-kernel", str(kernel.image), "-initrd", str(image), "-append", words,
            "-chardev", f"socket,id=console,path={self.console},server=on,wait=off,logfile={self.log},"
                        "logappend=on",
            "-serial", "chardev:console",
            "-chardev", f"socket,id=orders,path={self._orders_path},server=on,wait=off",
            "-serial", "chardev:orders",
            *network]
