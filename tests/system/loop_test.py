#!/usr/bin/python3
"""A guest that bridges two ports of a vswitch makes a loop: one of them is blocked, and the others go on
talking."""

import re
import time

from lab import case
from lab.network import Namespace

LIMIT = 5  # seconds until a loop is found


class Loop(case.LabCase):
    def daemon_prefix(self):
        self.host = Namespace(self, "host")
        return self.host.command()

    def setUp(self):
        super().setUp()
        self.stations = {}
        for port in (1, 2, 3, 4):
            name = f"guest{port}"
            self.add_guest(name, "tap", port)
            self.stations[port] = Namespace(self, name)
            self.host.ip("link", "set", f"test-{port}", "netns", self.stations[port].name)
            self.stations[port].ip("link", "set", f"test-{port}", "up")
        self.stations[3].assign("test-3", "10.7.0.3/24")
        self.stations[4].assign("test-4", "10.7.0.4/24")
        self.stations[3].await_reach("10.7.0.4", LIMIT)

    def states(self):
        text = self.command("hpvmnet", "-S", "test", "-p", "all")
        return dict(zip(map(int, re.findall(r"Port Number +: (\d+)", text)),
                        re.findall(r"Port State +: (.*)", text)))

    def bridge(self):
        """Ports 1 and 2 by a bridge, as a guest may do."""
        guest = self.stations[1]
        self.stations[2].ip("link", "set", "test-2", "netns", guest.name)
        guest.ip("link", "add", "loop", "type", "bridge")
        for interface in ("test-1", "test-2"):
            guest.ip("link", "set", interface, "up", "master", "loop")
        guest.ip("link", "set", "loop", "up")

    def test_one_port_is_blocked_and_the_others_go_on(self):
        self.bridge()
        # A frame for all goes round and round from here on.
        self.stations[3].reaches("10.7.0.99")
        begin = time.monotonic()
        while not (blocked := [port for port, state in self.states().items() if "blocked" in state]):
            self.assertLess(time.monotonic() - begin, LIMIT, "the loop was not found")
            time.sleep(0.1)
        self.assertEqual(len(blocked), 1)
        self.assertIn(blocked[0], (1, 2))
        self.stations[3].await_reach("10.7.0.4", LIMIT)
        self.assertEqual(self.stations[3].reaches("10.7.0.4", 50), 50)
        self.assertIn("a loop: blocked", self.daemon.log.read_text())
        event = self.daemon.events_of("loop_blocked")[0]
        self.assertEqual((event["vswitch"], event["port"], event["guest"]), ("test", blocked[0], f"guest{blocked[0]}"))

    def test_stations_that_move_now_and_then_are_no_loop(self):
        for _ in range(10):  # the same address behind one port and the other
            for port in (1, 2):
                interface = f"test-{port}"
                self.stations[port].ip("link", "set", interface, "address", "02:00:00:00:00:77")
                self.stations[port].ip("addr", "replace", "10.7.0.77/24", "dev", interface)
                self.stations[port].reaches("10.7.0.4")
        self.assertFalse([state for state in self.states().values() if "blocked" in state])
        begin = time.monotonic()
        while not (moves := self.moves_of("02-00-00-00-00-77")):  # told twice a second
            self.assertLess(time.monotonic() - begin, LIMIT, "no event tells of the moves")
            time.sleep(0.1)
        self.assertLessEqual({event["port"] for event in moves}, {1, 2})

    def moves_of(self, station):
        return [event for event in self.daemon.events_of("mac_moved") if station in event["text"]]


if __name__ == "__main__":
    case.main()
