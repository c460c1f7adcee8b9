#!/usr/bin/python3
"""Events and counters, as clients that watch get them: in order, without a loss that is not told, across
restarts of either side."""

import json
import re
import subprocess
import time

from lab import case

WATCHERS = 25


class Watcher:
    """`hpvmnet events --json` with the messages that it has shown."""

    def __init__(self, test, *words):
        self.test = test
        self.process = case.spawn(test, [str(test.program), "events", "--json", "--target", test.daemon.target,
                                         *words],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def next(self):
        line = self.process.stdout.readline()
        self.test.assertTrue(line, "the stream has ended")
        return json.loads(line)

    def until(self, part):
        """The events up to the first whose text has that part."""
        events = []
        while not events or part not in events[-1].get("text", ""):
            events.append(self.next())
        return events


class Watch(case.LabCase):
    @property
    def program(self):
        return case.files.binaries() / "hpvmnet"

    def make(self, count):
        """As many events of a vswitch that goes up and down as that."""
        for number in range(count):
            self.command("hpvmnet", "-b" if number % 2 else "-h", *([] if number % 2 else ["-Q"]), "-S", self.vswitch)

    def test_events_come_in_order_with_the_guest_by_name(self):
        watcher = Watcher(self, "--follow")
        instance = watcher.next()
        self.assertEqual(len(instance["instance"]), 16)
        self.assertFalse(instance["restarted"])
        self.add_guest("web", "avio_lan", 3)
        attacher = case.spawn(self, [str(case.built_tool("attach_guests")), str(self.socket_of(3))],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        attacher.stdout.readline()
        events = watcher.until("is up: the driver")
        attacher.stdin.close()
        attacher.wait()
        events += watcher.until("has left port 3")
        self.assertEqual([int(event["sequence"]) for event in events], list(range(1, len(events) + 1)))
        self.assertEqual([event["kind"] for event in events],
                         ["daemon_started", "configuration_changed", "vswitch_booted", "configuration_changed",
                          "configuration_changed", "guest_attached", "port_up", "port_down", "guest_detached"])
        for event in events[-4:]:
            self.assertEqual((event["vswitch"], event["port"], event["guest"]), (self.vswitch, 3, "web"))
        times = [int(event["time_ns"]) for event in events]
        self.assertEqual(times, sorted(times))
        self.assertLess(abs(times[-1] / 1e9 - time.time()), 60)

    def test_a_client_that_comes_back_gets_what_it_missed(self):
        first = self.daemon.events()
        instance, last = first[0]["instance"], first[-1]["sequence"]
        self.make(3)
        missed = self.daemon.events("--since", f"{instance}:{last}")
        self.assertFalse(missed[0]["restarted"])
        self.assertEqual([event["kind"] for event in missed[1:]],
                         ["vswitch_halted", "vswitch_booted", "vswitch_halted"])
        self.assertEqual(int(missed[1]["sequence"]), int(last) + 1)
        self.assertEqual(len(self.daemon.events("--since", f"{instance}:{missed[-1]['sequence']}")), 1)

    def test_only_of_a_vswitch(self):
        self.command("hpvmnet", "-c", "-S", "other")
        self.assertEqual({event["vswitch"] for event in self.daemon.events("-S", "other")[1:]}, {"other"})
        self.assertEqual(len(self.daemon.events("-S", "nobody")), 1)

    def test_a_restart_of_the_daemon_is_told_and_followed(self):
        watcher = Watcher(self, "--follow")
        before = watcher.next()
        watcher.until("is up")
        self.daemon.stop()
        self.daemon.start()
        after = watcher.next()
        self.assertTrue(after["restarted"])
        self.assertNotEqual(after["instance"], before["instance"])
        self.assertEqual(watcher.next()["sequence"], "1")

    def test_many_watch_at_once_and_starve_nobody(self):
        watchers = [Watcher(self, "--follow") for _ in range(WATCHERS)]
        for watcher in watchers:
            watcher.until("is up")
        begin = time.monotonic()
        self.make(40)
        print(f"   {(time.monotonic() - begin) / 40 * 1000:.0f} ms a change with {WATCHERS} that watch")
        self.command("hpvmnet", "-c", "-S", "last")
        for watcher in watchers:
            sequences = [int(event["sequence"]) for event in watcher.until("vswitch last was made")]
            self.assertEqual(sequences, list(range(4, 45)))

    def test_counters_and_workers_are_sampled(self):
        self.add_guest("web", "avio_lan", 3)
        text = self.command("hpvmnet", "top", "--batch", "--all", "-N", "2", "--interval", "0.2")
        self.assertEqual(len(re.findall(r"^hpvmnet top ", text, re.M)), 2)
        self.assertEqual(len(re.findall(r"^test +3 +- +avio_lan ", text, re.M)), 2)
        self.assertRegex(text, r"worker 0.*: 0\.0% busy")

    def test_too_short_an_interval_is_refused(self):
        result = self.daemon.run("hpvmnet", "top", "--batch", "--interval", "0.05")
        self.assertEqual(result.returncode, 2, result.stderr)


if __name__ == "__main__":
    case.main()
