#!/usr/bin/python3
"""A port gets copies of a vswitch's frames, and the others do not notice."""

from capture_test import Stations, frame, mac
from lab import case

LOOKER = 3  # in the VLAN of stations 1 and 2, as 4 is not
MARK = b"mirrored"


class Mirror(Stations, case.LabCase):
    def received(self, station):
        """The marked frames that have come to a station until nothing comes any longer."""
        frames = []
        while content := self.raw[station].receive(lambda content: MARK in content):
            frames.append(content)
        return frames

    def exchange(self, count=1, kind=b"\x88\xb5"):
        """Stations 1 and 2 send to each other."""
        for number in range(count):
            self.send(1, frame(mac(2), 1, kind, MARK + bytes([number]), 100))
            self.send(2, frame(mac(1), 2, kind, MARK + bytes([number]), 200))

    def lengths(self, station):
        return sorted(len(content) for content in self.received(station))

    def mirror(self, *words):
        self.command("hpvmnet", "mirror", "set", "test", "--to", str(LOOKER), *words)

    def test_each_frame_once(self):
        self.mirror()
        self.exchange(10)
        self.assertEqual(self.lengths(LOOKER), [100] * 10 + [200] * 10)
        self.assertEqual((self.lengths(1), self.lengths(2)), ([200] * 10, [100] * 10))
        self.command("hpvmnet", "mirror", "clear", "test")
        self.exchange()
        self.assertEqual(self.lengths(LOOKER), [])
        self.assertEqual((self.lengths(1), self.lengths(2)), ([200], [100]))

    def test_of_a_port_and_direction(self):
        self.mirror("--from", "1", "--egress")
        self.exchange()
        self.assertEqual(self.lengths(LOOKER), [200])
        self.mirror("--from", "1")
        self.exchange()
        self.assertEqual(self.lengths(LOOKER), [100, 200])

    def test_only_what_the_filter_chooses(self):
        self.mirror("ether", "proto", "0x88b6")
        self.exchange()
        self.exchange(kind=b"\x88\xb6")
        self.assertEqual(self.lengths(LOOKER), [100, 200])
        self.assertEqual(self.lengths(1), [200, 200])

    def test_of_another_vlan_too(self):
        self.mirror("--from", "4")
        self.send(4, frame(mac(1), 4, payload=MARK))
        self.assertEqual(len(self.received(LOOKER)), 1)
        self.assertEqual(self.lengths(1), [])

    def test_its_port_gets_nothing_else_and_sends_nothing(self):
        self.mirror("--from", "4")
        self.send(1, frame(b"\xff" * 6, 1, payload=MARK))
        self.send(1, frame(mac(LOOKER), 1, payload=MARK))
        self.send(LOOKER, frame(mac(1), LOOKER, payload=MARK))
        self.assertEqual(self.received(LOOKER), [])
        self.assertEqual(self.received(1), [])
        self.assertEqual(self.drops().get((LOOKER, "mirror_port")), 1)

    def test_it_outlives_the_daemon(self):
        self.mirror("--from", "1,2", "ether", "proto", "0x88b5")
        before = self.command("hpvmnet", "mirror", "show")
        self.assertRegex(before, r"test +3 +1,2 +both +ether proto 0x88b5")
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.command("hpvmnet", "mirror", "show"), before)

    def test_a_trace_tells_of_it(self):
        self.mirror("--from", "1")
        text = self.command("hpvmnet", "trace", "-S", "test", "--from", "1", frame(mac(2), 1).hex())
        self.assertRegex(text, r"mirror .*a copy goes to port 3")
        text = self.command("hpvmnet", "trace", "-S", "test", "--from", "2", frame(mac(1), 2).hex())
        self.assertRegex(text, r"mirror .*none of those that the mirror copies")

    def test_one_that_does_not_read_costs_the_others_nothing(self):
        self.mirror()
        self.namespaces[LOOKER].ip("link", "set", f"test-{LOOKER}", "down")
        for _ in range(10):  # in portions that a tap's queue has room for
            self.exchange(100)
            self.assertEqual((self.lengths(1), self.lengths(2)), ([200] * 100, [100] * 100))

    def test_a_bad_filter_is_refused_and_the_one_before_stays(self):
        self.mirror("--from", "1")
        result = self.daemon.run("hpvmnet", "mirror", "set", "test", "--to", "3", "prot", "80")
        self.assertEqual(result.returncode, 2)
        self.assertRegex(self.command("hpvmnet", "mirror", "show"), r"test +3 +1 +both")


if __name__ == "__main__":
    case.main()
