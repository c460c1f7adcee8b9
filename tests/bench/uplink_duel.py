#!/usr/bin/python3
"""uplink_duel [--rounds N] [--seconds S] [--case NAME ...] [--peer NAME ...]

A guest behind a host interface: hpvmnetd, each way in which it can use the interface, beside the Linux
bridge and Open vSwitch. Rounds alternate. For each case: frames a second that arrive, frames for each
second of processor time that everything together has used (sender, kernel, switch, receiver), and the
medians of the ratios to the bridge's.

The interface is a veth pair, whose other end is the network. Senders have processor 0, the switch and
a guest that receives processor 1; frames to the network are counted by its interface. The bridge's guest is a tap without a hypervisor: reads and writes, a system call
a frame. The other switches' guest is an accelerated one (frame_load). TCP (iperf3) goes to the host's own
kernel as a guest, in bits: by a tap port of the switch; the bridge's tap has a relay behind it, as a
hypervisor is one.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
from lab import case, files
from lab.daemon import Daemon
from lab.network import Namespace, join

SENDER, SWITCH = "0", "1"
CASES = {f"{way} {size}": (way, size) for way in ("in", "out") for size in (60, 1514)}
TCP = ("tcp in", "tcp out")


class Peer:
    """A switch between an interface of a host and a guest, in a namespace of its own."""

    segments = False  # whether it takes segments that the network's kernel has left to be cut

    def __init__(self, test, name):
        self.name = name
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hpvm-"))
        test.addCleanup(shutil.rmtree, self.folder)
        self.host = Namespace(test, f"{name}-host")
        self.wire = Namespace(test, f"{name}-wire")
        join(self.host, "eth1", self.wire, "eth1")
        for end in (self.host, self.wire):  # nobody speaks unasked
            end.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
        self.wire.run("ethtool", "-K", "eth1", "tx", "off")
        self.guest = self.start(test)
        self.tcp_guest = self.start_tcp_guest(test)
        self.wire.assign("eth1", "10.7.0.2/24")
        self.host.assign(self.tcp_guest, "10.7.0.1/24")
        self.host.ip("link", "set", self.tcp_guest, "up")

    def start(self, test):
        """Starts the switch. Yields the PORT of its guest, as frame_load takes it."""
        raise NotImplementedError

    def start_tcp_guest(self, test):
        """Yields the interface by which the host's kernel is a guest."""
        raise NotImplementedError

    def pause(self):
        """Takes no processor time until resume()."""

    def resume(self):
        pass

    @contextlib.contextmanager
    def load(self, end, role, *words):
        """frame_load at an end, until the end of the context."""
        core = SENDER if role == "send" else SWITCH
        namespace, port = (self.wire, "packet:eth1") if end == "wire" else (self.host, self.guest)
        command = namespace.command("taskset", "-c", core, str(case.built_tool("frame_load")), role, port, *words)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            if process.stdout.readline() != "ready\n":
                raise files.LabError(f"frame_load does not join {self.name} at its {end}")
            yield process
            process.stdin.close()

    def count_guest(self, ends):
        """Yields what tells how many frames the guest has received."""
        guest = ends.enter_context(self.load("guest", "receive"))

        def received():
            guest.stdin.write("\n")
            guest.stdin.flush()
            return int(guest.stdout.readline())
        return received

    def count_wire(self, ends):
        """Likewise the network: its interface counts, so that nothing has to."""
        with self.load("wire", "receive"):
            pass  # so that the switch knows the station
        with self.wire.entered():
            statistics_of = open("/proc/thread-self/net/dev", encoding="ascii")  # pylint: disable=consider-using-with
        ends.enter_context(statistics_of)

        def received():
            statistics_of.seek(0)
            line = next(line for line in statistics_of if line.strip().startswith("eth1:"))
            return int(line.split(":")[1].split()[1])
        return received


class Bridge(Peer):
    segments = True

    def start(self, test):
        self.host.ip("link", "add", "br0", "type", "bridge")
        self.host.ip("tuntap", "add", "tap0", "mode", "tap", "vnet_hdr")
        for interface in ("eth1", "tap0"):
            self.host.ip("link", "set", interface, "master", "br0")
        self.host.ip("link", "set", "tap0", "up")
        self.host.ip("link", "set", "br0", "up")
        return "tap:tap0"

    def start_tcp_guest(self, test):
        for tap in ("tap1", "guest0"):
            self.host.ip("tuntap", "add", tap, "mode", "tap", "vnet_hdr")
        self.host.ip("link", "set", "tap1", "up", "master", "br0")
        relay = case.spawn(test, self.host.command("taskset", "-c", SWITCH, str(case.built_tool("frame_load")), "relay",
                                                   "tap1", "guest0"),
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        relay.stdout.readline()
        return "guest0"


class Hpvmnet(Peer):
    def start(self, test):
        self.daemon = Daemon(self.folder, ["--workers", SWITCH], self.host.command())
        self.daemon.start()
        test.addCleanup(self.daemon.stop)
        mode = self.name.removeprefix("hpvmnet-")
        self.segments = mode == "packet"
        self.daemon.check("hpvmnet", "-c", "-S", "prod", "-n", f"eth1:mode:{mode}")
        self.daemon.check("hpvmnet", "-b", "-S", "prod")
        self.daemon.check("hpvmcreate", "-P", "guest", "-a", "network:avio_lan::vswitch:prod:portid:1")
        return f"avio:{self.daemon.run_folder}/vswitch/prod/1.sock"

    def start_tcp_guest(self, test):
        self.daemon.check("hpvmcreate", "-P", "host", "-a", "network:tap::vswitch:prod:portid:2:ifname:guest0")
        return "guest0"


class OpenVswitch(Peer):
    """Its polling thread has processor 1. "ovs": a packet port, which its main thread serves."""

    wire_port = ["type=system"]

    def start(self, test):
        folder = str(self.folder)
        self.environment = os.environ | {"OVS_RUNDIR": folder, "OVS_DBDIR": folder, "OVS_LOGDIR": folder}
        self.run("ovsdb-tool", "create", f"{folder}/conf.db", "/usr/share/openvswitch/vswitch.ovsschema")
        self.spawn(test, "ovsdb-server", f"{folder}/conf.db", f"--remote=punix:{folder}/db.sock", "--log-file")
        _await(self.folder / "db.sock")
        self.control("--no-wait", "init", "--", "set", "Open_vSwitch", ".", "other_config:dpdk-init=true",
                     f"other_config:pmd-cpu-mask={1 << int(SWITCH):#x}",
                     f"other_config:dpdk-lcore-mask={1 << int(SWITCH):#x}",
                     "other_config:dpdk-socket-mem=512", "other_config:dpdk-extra=--no-pci",
                     "other_config:vhost-sock-dir=.")
        self.process = self.spawn(test, "/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk",
                                  f"unix:{folder}/db.sock", "--log-file")
        self.control("add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev",
                     "--", "add-port", "br0", "eth1", "--", "set", "interface", "eth1", *self.wire_port,
                     "--", "add-port", "br0", "guest", "--", "set", "interface", "guest", "type=dpdkvhostuser")
        _await(self.folder / "guest")
        return f"avio:{folder}/guest"

    def start_tcp_guest(self, test):
        self.control("add-port", "br0", "guest0", "--", "set", "interface", "guest0", "type=tap")
        return "guest0"

    def run(self, *words):
        subprocess.run(self.host.command(*words), env=self.environment, check=True, capture_output=True)

    def control(self, *words):
        self.run("ovs-vsctl", f"--db=unix:{self.folder}/db.sock", "-t", "30", *words)

    def spawn(self, test, *words):
        return case.spawn(test, self.host.command(*words), env=self.environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)


class OpenVswitchByDpdk(OpenVswitch):
    """DPDK's own driver for packet sockets, which the polling thread serves."""

    wire_port = ["type=dpdk", "options:dpdk-devargs=net_af_packet0,iface=eth1,blocksz=65536,framesz=2048,"
                              "framecnt=2048,qdisc_bypass=1"]


PEERS = {"bridge": Bridge, "hpvmnet-packet": Hpvmnet, "hpvmnet-xdp": Hpvmnet, "ovs": OpenVswitch,
         "ovs-dpdk": OpenVswitchByDpdk}


def _await(path):
    deadline = time.monotonic() + 30
    while not path.exists():
        if time.monotonic() > deadline:
            raise files.LabError(f"there is no {path}")
        time.sleep(0.05)


def busy():
    """Seconds that all processors together have not been idle."""
    ticks = [int(word) for word in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def measure(peer, way, size, seconds):
    """Frames a second, and frames for a second of processor time."""
    peer.resume()
    with contextlib.ExitStack() as ends:
        received = peer.count_guest(ends) if way == "in" else peer.count_wire(ends)
        ends.enter_context(peer.load("wire" if way == "in" else "guest", "send", str(size)))
        time.sleep(0.3)
        before = received(), busy(), time.monotonic()
        time.sleep(seconds)
        after = received(), busy(), time.monotonic()
    peer.pause()
    frames, used, passed = (last - first for first, last in zip(before, after))
    return frames / passed, frames / used


def measure_tcp(peer, way, seconds):
    """Bits a second, and bits for a second of processor time."""
    peer.resume()
    peer.wire.run("ethtool", "-K", "eth1", "tx", "on" if peer.segments else "off")
    server = subprocess.Popen(peer.wire.command("taskset", "-c", SENDER, "iperf3", "-s", "-1"), stdout=subprocess.DEVNULL)
    time.sleep(0.3)
    before = busy()
    report = peer.host.run("taskset", "-c", SENDER, "iperf3", "-J", "-t", str(max(1, round(seconds))), "-c", "10.7.0.2",
                           *(["-R"] if way == "tcp in" else []))
    used = busy() - before
    server.wait()
    peer.wire.run("ethtool", "-K", "eth1", "tx", "off")
    peer.pause()
    end = json.loads(report)["end"]["sum_received"]
    return end["bits_per_second"], end["bytes"] * 8 / used


def compare(test, names, cases, rounds, seconds):
    peers = []
    for name in names:
        peers.append(PEERS[name](test, name))
        peers[-1].pause()
    for label in cases:
        figures = {peer.name: [] for peer in peers}
        for _ in range(rounds):
            for peer in peers:
                figures[peer.name].append(measure_tcp(peer, label, seconds) if label in TCP
                                          else measure(peer, *CASES[label], seconds))
        for name in names:
            medians = [statistics.median(column) for column in zip(*figures[name])]
            ratios = [statistics.median(own / first for own, first in zip(*columns))
                      for columns in zip(zip(*figures[name]), zip(*figures[names[0]]))]
            print(f"{label:9} {name:15} {medians[0] / 1e3:9.0f} k/s {ratios[0]:5.2f}"
                  f"   {medians[1] / 1e3:9.0f} k a core {ratios[1]:5.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--case", nargs="+", choices=[*CASES, *TCP], default=[*CASES, *TCP])
    parser.add_argument("--peer", nargs="+", choices=PEERS, default=list(PEERS))
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        stack.addCleanup = stack.callback  # as tests name it
        compare(stack, options.peer, options.case, options.rounds, options.seconds)


if __name__ == "__main__":
    main()
