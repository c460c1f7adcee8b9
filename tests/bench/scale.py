#!/usr/bin/python3
"""scale [--vswitches N] [--ports N] [--attached N] [--watchers N]

How the control plane fares with many vswitches and ports: how long listing takes and how long a
change, what a change costs the frames that flow meanwhile, and whether clients that watch get all events.

The daemon's worker has processor 0; `ports` are reserved, `attached` of them have an idle guest. Frames flow
between two guests on processor 1.
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


class Flow:
    """Frames from one guest to another, as fast as it goes."""

    def __init__(self, sender, receiver):
        tool = str(case.built_tool("frame_load"))
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.receiver = subprocess.Popen(["taskset", "-c", "1", tool, "receive", f"avio:{receiver}"], **pipes)
        self.receiver.stdout.readline()
        self.sender = subprocess.Popen(["taskset", "-c", "1", tool, "send", f"avio:{sender}"], **pipes)
        self.sender.stdout.readline()

    def received(self):
        self.receiver.stdin.write("\n")
        self.receiver.stdin.flush()
        return int(self.receiver.stdout.readline())

    def rate(self, seconds, meanwhile=None):
        """Frames a second while that runs again and again."""
        begin, before, runs = time.monotonic(), self.received(), 0
        while time.monotonic() - begin < seconds:
            if meanwhile:
                meanwhile(runs)
            else:
                time.sleep(0.05)
            runs += 1
        return (self.received() - before) / (time.monotonic() - begin), runs

    def end(self):
        for process in (self.sender, self.receiver):
            process.stdin.close()
            process.kill()
            process.wait()


def build(daemon, vswitches, ports):
    """vswitches v1, v2, ..., all up, and a guest with one vNIC for each port, spread over them."""
    for number in range(1, vswitches):
        daemon.check("hpvmnet", "-c", "-S", f"v{number}")
        daemon.check("hpvmnet", "-b", "-S", f"v{number}")
    for number in range(ports):
        daemon.check("hpvmcreate", "-P", f"g{number}", "-a",
                     f"network:avio_lan::vswitch:v{1 + number % (vswitches - 1)}:portid:{number // (vswitches - 1)}")


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
    for name, default in (("vswitches", 500), ("ports", 4096), ("attached", 512), ("watchers", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hpvm-") as folder:
        daemon = Daemon(folder, ["--workers", "0"])
        daemon.start()
        others = []
        try:
            begin = time.monotonic()
            build(daemon, wanted.vswitches, wanted.ports)
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
            flow = Flow(*ends)
            changes = []

            def change(run):
                begin = time.monotonic()
                daemon.check("hpvmnet", "-S", "v2", "-u", f"portid:0:vlanid:{1 + run % 100}")
                changes.append((time.monotonic() - begin) * 1000)
                time.sleep(0.1)

            def look(_):
                daemon.check("hpvmnet", "-v")
                time.sleep(0.1)

            rounds = [(flow.rate(3)[0], flow.rate(3, look)[0], flow.rate(3, change)[0]) for _ in range(5)]
            print(f"a change under load: {statistics.median(changes):.0f} ms, worst {max(changes):.0f}")
            for name, against in (("none", 0), ("as many calls that only ask for the version", 1)):
                share = statistics.median(figures[2] / figures[against] for figures in rounds)
                print(f"frames with changes, against {name}: {share:.3f} of {rounds[0][0] / 1e6:.1f} M/s", flush=True)
            flow.end()
            changes.clear()
            for run in range(20):
                change(run)
            print(f"a change without frames: {statistics.median(changes):.0f} ms, worst {max(changes):.0f}")
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
