"""Network namespaces that stand for hosts, joined by veth pairs."""

import contextlib
import ctypes
import json
import os
import socket
import struct
import subprocess
import time

from lab.files import LabError

CLONE_NEWNET = 0x40000000
SOL_PACKET = 263
PACKET_AUXDATA = 8
TP_STATUS_VLAN_VALID = 1 << 4
TP_STATUS_VLAN_TPID_VALID = 1 << 6
ETH_P_ALL = 3
_libc = ctypes.CDLL(None, use_errno=True)


class Namespace:
    """A network namespace for a role in the test; ends with the test, and its processes with it."""

    def __init__(self, case, role):
        self.name = f"hpvm-{role}-{os.getpid()}"
        run("ip", "netns", "add", self.name)
        case.addCleanup(run, "ip", "netns", "del", self.name)
        self.ip("link", "set", "lo", "up")
        self.run("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_broadcasts=0")

    def ip(self, *words):
        return run("ip", "-n", self.name, *words)

    def command(self, *words):
        """The words of a command that runs here."""
        return ["ip", "netns", "exec", self.name, *words]

    def run(self, *words):
        return run(*self.command(*words))

    def assign(self, interface, *addresses):
        for address in addresses:
            self.ip("addr", "add", address, "dev", interface, *(["nodad"] if ":" in address else []))

    def link_local(self, interface):
        """The interface's IPv6 address that it has by itself; waits until that may be used."""
        while True:
            addresses = json.loads(self.ip("-j", "-6", "addr", "show", "dev", interface))[0]["addr_info"]
            for address in addresses:
                if address["scope"] == "link" and not address.get("tentative"):
                    return address["local"]
            time.sleep(0.1)

    def reaches(self, address, count=1, *options):
        """How many of the pings came back."""
        done = subprocess.run(
            self.command("ping", "-q", "-c", str(count), "-i", "0.02", "-W", "1", *options, address),
            capture_output=True, text=True, check=False)
        for part in done.stdout.split(","):
            if part.endswith(" received"):
                return int(part.split()[0])
        return 0

    def await_reach(self, address, limit):
        """Waits until a ping is answered, and yields how many seconds that took."""
        begin = time.monotonic()
        while not self.reaches(address, 1, "-W", "0.2"):  # an answer that is lost is not waited for long
            if time.monotonic() - begin > limit:
                raise LabError(f"{self.name} does not reach {address} within {limit} s")
        return time.monotonic() - begin

    @contextlib.contextmanager
    def entered(self):
        """This thread is in the namespace: sockets that it makes are."""
        with open("/proc/self/ns/net", "rb") as home, open(f"/run/netns/{self.name}", "rb") as here:
            _setns(here)
            try:
                yield
            finally:
                _setns(home)

    def raw(self, interface):
        """A RawSocket at the interface."""
        with self.entered():
            return RawSocket(interface)


class RawSocket:
    """Whole frames, byte for byte as on the wire: with the VLAN tag that the kernel keeps beside."""

    def __init__(self, interface):
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self._socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self._socket.bind((interface, 0))
        self._socket.settimeout(0.2)

    def send(self, frame):
        self._socket.send(frame)

    def receive(self, wanted):
        """The next frame that `wanted(frame)` accepts; None after a while without one."""
        end = time.monotonic() + 2
        while time.monotonic() < end:
            try:
                data, extra, _, sender = self._socket.recvmsg(70000, 256)
            except TimeoutError:
                return None
            frame = _with_tag(data, extra)
            if sender[2] != socket.PACKET_OUTGOING and wanted(frame):
                return frame
        return None

    def close(self):
        self._socket.close()


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"`{' '.join(words)}` ended with status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def join(first, first_interface, second, second_interface):
    """A cable between two namespaces; both ends are up."""
    first.ip("link", "add", first_interface, "type", "veth", "peer", "name", second_interface,
             "netns", second.name)
    first.ip("link", "set", first_interface, "up")
    second.ip("link", "set", second_interface, "up")


def _with_tag(data, extra):
    for level, kind, value in extra:
        if level != SOL_PACKET or kind != PACKET_AUXDATA:
            continue
        status, _, _, _, _, tag, tag_type = struct.unpack("IIIHHHH", value[:20])
        if status & TP_STATUS_VLAN_VALID:
            tag_type = tag_type if status & TP_STATUS_VLAN_TPID_VALID else 0x8100
            return data[:12] + struct.pack("!HH", tag_type, tag) + data[12:]
    return data


def _setns(file):
    if _libc.setns(file.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
