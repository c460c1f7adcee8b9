#!/usr/bin/python3
"""scale [--vswitches N] [--ports N] [--attached N] [--watchers N] [--stations N]

How the control plane fares with many vswitches and ports: how long listing takes and how long a
change, what a change costs the frames that flow meanwhile, and whether clients that watch get all events.

The daemon's worker has processor 0; `ports` are reserved, `attached` of them have an idle guest. Frames from
`stations` addresses flow between two guests on processor 1.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
from lab import case, files
from lab.daemon import Daemon


def timed(daemon, *words, runs=5):
    """Milliseconds that a command takes, client included: the median, and the worst."""
    times = []
    for _ in range(runs):
        begin = time.monotonic()
        daemon.check("hpvmnet", *words)
        times.append((time.monotonic() - begin) * 1000)
    return statistics.median(times), max(times)


class Caller:
    """A client that stays: what a call takes without the start of a command."""

    def __init__(self, daemon, vswitch, port):
        command = [str(case.built_tool("change_load")), daemon.target, vswitch, str(port)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.times = []

    def call(self, kind):
        """Makes a call, whose time in milliseconds is kept."""
        self.process.stdin.write(kind + "\n")
        self.process.stdin.flush()
        self.times.append(int(self.process.stdout.readline()) / 1000)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


class Flow:
    """Frames from one guest to another, as fast as it goes."""

    def __init__(self, sender, receiver, stations):
        tool = str(case.built_tool("frame_load"))
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.receiver = subprocess.Popen(["taskset", "-c", "1", tool, "receive", f"avio:{receiver}"], **pipes)
        self.receiver.stdout.readline()
        self.sender = subprocess.Popen(["taskset", "-c", "1", tool, "send", f"avio:{sender}", "60", str(stations)],
                                       **pipes)
        self.sender.stdout.readline()

    def received(self):
        self.receiver.stdin.write("\n")
        self.receiver.stdin.flush()
        return int(self.receiver.stdout.readline())

    def rate(self, seconds, meanwhile=lambda: None):
        """Frames a second while that runs five times a second."""
        begin, before = time.monotonic(), self.received()
        while time.monotonic() - begin < seconds:
            meanwhile()
            time.sleep(0.2)
        return (self.received() - before) / (time.monotonic() - begin)

    def end(self):
        for process in (self.sender, self.receiver):
            process.stdin.close()
            process.kill()
            process.wait()


def build(daemon, folder, vswitches, ports):
    """vswitches v1, v2, ..., all up, and a guest with one vNIC for each port, spread over them."""
    wanted = {"vswitches": {f"v{number}": {} for number in range(1, vswitches)},
              "guests": {f"g{number}": {"vnics": [{"vswitch": f"v{1 + number % (vswitches - 1)}",
                                                   "port": number // (vswitches - 1)}]}
                         for number in range(ports)}}
    document = pathlib.Path(folder) / "scale.yaml"
    document.write_text(json.dumps(wanted))  # which is YAML, too
    daemon.check("hpvmnet", "apply", "-f", str(document))


def watch(daemon, count):
    command = [str(files.binaries() / "hpvmnet"), "events", "--follow", "--json", "--since", "0",
               "--target", daemon.target]
    return [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]


def complete(watcher, last):
    """Whether all numbers up to `last` come, in order."""
    expected = 1
    while expected <= last:
        message = json.loads(watcher.stdout.readline())
        if "gap" in message:
            expected = int(message["gap"]["last"]) + 1
            if expected > last - 100:
                return False
        elif "sequence" in message:
            if int(message["sequence"]) != expected:
                return False
            expected += 1
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name, default in (("vswitches", 500), ("ports", 4096), ("attached", 512), ("watchers", 20),
                          ("stations", 100_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hpvm-") as folder:
        daemon = Daemon(folder, ["--workers", "0"])
        daemon.start()
        others = []
        try:
            begin = time.monotonic()
            build(daemon, folder, wanted.vswitches, wanted.ports)
            print(f"made in {time.monotonic() - begin:.0f} s", flush=True)
            sockets = [str(daemon.run_folder / "vswitch" / f"v{1 + n % (wanted.vswitches - 1)}"
                           / f"{n // (wanted.vswitches - 1)}.sock") for n in range(wanted.ports)]
            ends = sockets[0], sockets[wanted.vswitches - 1]  # both on the first vswitch
            resting = [socket for socket in sockets if socket not in ends]
            idle = subprocess.Popen([str(case.built_tool("attach_guests")), *resting[:wanted.attached]],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            others.append(idle)
            idle.stdout.readline()
            for words in ((), ("-S", "v1"), ("-S", "v1", "-A"), ("top", "--batch", "-N", "1", "--interval", "0.1")):
                median, worst = timed(daemon, *words)
                print(f"hpvmnet {' '.join(words):36} {median:6.0f} ms, worst {worst:.0f}", flush=True)
            watchers = watch(daemon, wanted.watchers)
            others += watchers
            flow = Flow(*ends, wanted.stations)
            changes, looks = Caller(daemon, "v2", 0), Caller(daemon, "v2", 0)
            rounds = []
            for _ in range(7):
                rounds.append((flow.rate(4), flow.rate(4, lambda: looks.call("look")),
                               flow.rate(4, lambda: changes.call("change"))))
            learnt = len(daemon.check("hpvmnet", "mac", "v1").splitlines()) - 1
            print(f"a change under load: {statistics.median(changes.times):.1f} ms, worst {max(changes.times):.1f}; "
                  f"{learnt} stations are known")
            print(f"a call under load that changes nothing: {statistics.median(looks.times):.1f} ms, "
                  f"worst {max(looks.times):.1f}")
            for name, against in (("none", 0), ("as many calls that only ask for the version", 1)):
                share = statistics.median(figures[2] / figures[against] for figures in rounds)
                print(f"frames with changes, against {name}: {share:.3f} of {rounds[0][0] / 1e6:.1f} M/s", flush=True)
            flow.end()
            changes.times.clear()
            for _ in range(20):
                changes.call("change")
            print(f"a change without frames: {statistics.median(changes.times):.1f} ms, worst {max(changes.times):.1f}")
            for caller in (changes, looks):
                caller.end()
            last = int(daemon.check("hpvmnet", "events").splitlines()[-1].split()[0])
            print(f"{sum(complete(watcher, last) for watcher in watchers)} of {wanted.watchers} watchers have all "
                  f"events up to {last}", flush=True)
        finally:
            for process in others:
                process.kill()
                process.wait()
            begin = time.monotonic()
            daemon.stop(60)
            print(f"the daemon stops in {time.monotonic() - begin:.1f} s")


if __name__ == "__main__":
    main()
