"""Traffic between guests, and what their kernels counted of it."""

import collections
import json
import re
import time

from lab.files import LabError

Ping = collections.namedtuple("Ping", "sent received")
Transfer = collections.namedtuple("Transfer", "megabits retransmits")


def reach(guest, address, limit):
    """Waits until a ping is answered, and yields how many seconds that took."""
    begin = time.monotonic()
    while guest.run(f"ping -q -c 1 -W 1 {address}").status:
        if time.monotonic() - begin > limit:
            raise LabError(f"guest {guest.name} does not reach {address} within {limit} s")
    return time.monotonic() - begin


def ping(guest, address, count=100, interval=0.01, size=56):
    """Sends `count` pings with `size` bytes and yields how many came back."""
    # An emulated NIC takes nothing in the second after its start; then come more answers at once than
    # the socket of ping holds. So wait for a first one.
    reach(guest, address, limit=20)
    text = guest.run(f"ping -q -c {count} -i {interval} -s {size} -W 5 {address}", limit=60 + count).output
    sent, received = re.search(r"(\d+) packets transmitted, (\d+) packets received", text).groups()
    return Ping(int(sent), int(received))


def serve_iperf(guest):
    """Starts iperf3's server and waits until it listens."""
    guest.check("iperf3 -s -D; until grep -qi :1451 /proc/net/tcp /proc/net/tcp6; do sleep 0.1; done")


def iperf(client, server, seconds, reverse=False, streams=1):
    """TCP streams from client to server, or back; the server's iperf3 runs already."""
    option = "-R" if reverse else ""
    report = json.loads(client.check(
        f"iperf3 -J -t {seconds} {option} -P {streams} -c {server.address}", limit=seconds + 60))
    end = report["end"]
    return Transfer(end["sum_received"]["bits_per_second"] / 1e6, end["sum_sent"]["retransmits"])


def counted(guest, protocol):
    """Counters of /proc/net/snmp: {"InCsumErrors": 0, ...}."""
    lines = [line.split()[1:] for line in guest.check("cat /proc/net/snmp").splitlines()
             if line.startswith(f"{protocol}:")]
    return dict(zip(lines[0], map(int, lines[1])))


def checksum_errors(guest):
    return {protocol: counted(guest, protocol)["InCsumErrors"] for protocol in ("Icmp", "Tcp", "Udp")}


def flood(sender, receiver):
    """Frames from one guest to another, some thousands a second, as long as the sender runs. Needs the
    tool frame_probe."""
    address = receiver.check("cat /sys/class/net/eth0/address").strip()
    sender.check(f"frame_probe flood eth0 {address} > /dev/null 2>&1 &")
