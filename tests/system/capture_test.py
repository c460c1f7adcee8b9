#!/usr/bin/python3
"""Frames are seen where they come in, where they are delivered and where they are dropped, by tshark; and who
looks costs the guests nothing."""

import re
import signal
import subprocess
import time

from lab import case
from lab.files import binaries
from lab.network import Namespace

LIMIT = 10  # seconds until something that must happen has happened
STATIONS = (1, 2, 3, 4)


def mac(station):
    return bytes([2, 0, 0, 0, 0, station])


def frame(to, sender, kind=b"\x88\xb5", payload=b"", length=60):
    return (to + mac(sender) + kind + payload).ljust(length, b"\0")


class Stations:
    """Stations 1, 2 and 3 on a vswitch, 4 on the same in VLAN 10. With one of the cases of a lab."""

    def daemon_prefix(self):
        self.host = Namespace(self, "host")
        return self.host.command()

    def set_up_lab(self):
        case.require("tshark", "tshark")
        super().set_up_lab()
        self.raw = {}
        self.namespaces = {}
        for station in STATIONS:
            name, interface = f"web{station}", f"test-{station}"
            self.add_guest(name, "tap", station)
            namespace = self.namespaces[station] = Namespace(self, name)
            namespace.run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1")
            self.host.ip("link", "set", interface, "netns", namespace.name)
            namespace.ip("link", "set", interface, "arp", "off", "up")
            self.raw[station] = namespace.raw(interface)
            self.addCleanup(self.raw[station].close)
        self.command("hpvmnet", "-S", "test", "-u", "portid:4:vlanid:10")
        for station in STATIONS:  # known, and none of their frames is on its way any longer
            self.send(station, frame(b"\xff" * 6, station))
        time.sleep(0.2)

    def send(self, station, content):
        self.raw[station].send(content)

    def capture(self, *options, target=subprocess.PIPE):
        """A capture that has begun."""
        before = self.captures()
        process = case.spawn(self, [*self.host.command(), str(binaries() / "hpvmnet"), "capture", "-S", "test",
                                    "--target", self.daemon.target, *options],
                             stdout=target, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        begin = time.monotonic()
        while self.captures() == before:
            self.assertIsNone(process.poll(), "the capture ended")
            self.assertLess(time.monotonic() - begin, LIMIT)
            time.sleep(0.02)
        return process

    def captures(self):
        """How many have begun, ever."""
        log = self.daemon.state_folder / "audit.log"
        return log.read_text().count('"Capture"') if log.exists() else 0

    def finish(self, process):
        """Ends a capture as Ctrl-C does. Yields its file."""
        time.sleep(0.15)
        process.send_signal(signal.SIGINT)
        data, said = process.communicate(timeout=LIMIT)
        self.assertEqual(process.returncode, 0, said)
        return data

    def read(self, data):
        """What tshark reads: (interface, source, comment, length) of each frame."""
        fields = ("frame.interface_name", "eth.src", "frame.comment", "frame.len")
        done = subprocess.run(["tshark", "-n", "-r", "-", "-T", "fields", "-E", "separator=|",
                               *(word for field in fields for word in ("-e", field))],
                              input=data, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [tuple(line.split("|")) for line in done.stdout.decode().splitlines()]


class Capture(Stations, case.SharedLabCase):
    def test_ports_have_names_and_each_frame_comes_in_once(self):
        process = self.capture()
        self.send(1, frame(mac(2), 1))
        self.send(2, frame(b"\xff" * 6, 2))
        seen = self.read(self.finish(process))
        self.assertEqual([(name, source[-1]) for name, source, *_ in seen],
                         [("test/1 (web1)", "1"), ("test/2 (web2)", "2")])

    def test_what_was_delivered(self):
        process = self.capture("--egress")
        self.send(2, frame(b"\xff" * 6, 2))
        seen = self.read(self.finish(process))
        self.assertEqual(sorted(name for name, *_ in seen), ["test/1 (web1)", "test/3 (web3)"])

    def test_drops_say_why(self):
        process = self.capture("--drops")
        self.send(1, frame(mac(2), 1))  # arrives
        self.send(1, frame(bytes.fromhex("0180c200000e"), 1))
        self.send(1, frame(mac(1), 1))
        self.send(4, frame(mac(1), 4))
        seen = self.read(self.finish(process))
        reasons = [(name[:6], re.match(r"dropped: (\w+)", comment)[1]) for name, _, comment, _ in seen]
        self.assertEqual(reasons, [("test/1", "reserved"), ("test/1", "same_port"), ("test/4", "no_receiver")])

    def test_filter_port_and_length(self):
        process = self.capture("-p", "1", "--snaplen", "20", "ether proto 0x88b6 or ether src 02:00:00:00:00:02")
        self.send(1, frame(mac(2), 1))
        self.send(1, frame(mac(2), 1, b"\x88\xb6", length=1000))
        self.send(2, frame(mac(1), 2))
        data = self.finish(process)
        done = subprocess.run(["tshark", "-n", "-r", "-", "-T", "fields", "-e", "frame.len", "-e", "frame.cap_len"],
                              input=data, capture_output=True, check=False)
        self.assertEqual(done.stdout.split(), [b"1000", b"20"])

    def test_it_ends_by_itself_in_a_file(self):
        path = self.folder / "three.pcapng"
        process = self.capture("-w", str(path), "--count", "3")
        for _ in range(5):
            self.send(1, frame(mac(2), 1))
        _, said = process.communicate(timeout=LIMIT)
        self.assertEqual(process.returncode, 0, said)
        self.assertIn(b"3 frames captured", said)
        self.assertEqual(len(self.read(path.read_bytes())), 3)
        information = subprocess.run(["capinfos", "-M", "-c", str(path)], capture_output=True, text=True, check=True)
        self.assertRegex(information.stdout, r"Number of packets: +3")

    def test_what_is_refused(self):
        for options, status, text in (
                (("-S", "test", "tcp", "prot", "80"), 2, "syntax error"),
                (("-S", "test", "ip6 protochain 6"), 1, "sure to end"),
                (("-S", "nope"), 1, "nope"),
                (("-S", "test", "--count", "0"), 2, "--count"),
                ((), 2, "-S")):
            refused = self.daemon.run("hpvmnet", "capture", *options)
            self.assertEqual((refused.returncode, refused.stdout), (status, ""), refused.stderr)
            self.assertIn(text, refused.stderr)
        looking = f"unix:{self.daemon.run_folder}/read.sock"
        refused = self.daemon.run("hpvmnet", "capture", "-S", "test", "--target", looking)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("control.sock", refused.stderr)

    def test_a_terminal_gets_no_frames(self):
        shown = subprocess.run(["script", "-qec", f"{binaries()}/hpvmnet capture -S test --target {self.daemon.target}",
                                "/dev/null"], capture_output=True, text=True, timeout=LIMIT, check=False)
        self.assertEqual(shown.returncode, 2)
        self.assertIn("-w FILE", shown.stdout)

    def test_who_does_not_read_costs_the_guests_nothing(self):
        def dropped():
            return {key: value for key, value in self.drops().items() if key[0] == 2}

        number = 12_000
        self.namespaces[1].ip("link", "set", "test-1", "txqueuelen", str(number))  # none is lost before the switch
        before = dropped()
        path = self.folder / "unread.pcapng"
        process = self.capture("-w", str(path))
        process.send_signal(signal.SIGSTOP)
        for sent in range(number):
            self.send(1, frame(mac(2), 1, length=1514))
            if sent % 200 == 0:
                time.sleep(0.002)  # the receiver's interface has a queue of 500
        time.sleep(0.2)
        self.assertEqual(dropped(), before)
        process.send_signal(signal.SIGCONT)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=LIMIT)
        captured, lost = map(int, re.search(rb"(\d+) frames captured, (\d+) more lost", said).groups())
        self.assertEqual(captured + lost, number)
        self.assertEqual(len(self.read(path.read_bytes())), captured)

    def test_more_than_a_few_are_refused(self):
        running = [self.capture() for _ in range(8)]
        refused = self.daemon.run("hpvmnet", "capture", "-S", "test")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("8 captures are running", refused.stderr)
        for process in running:
            process.kill()
        time.sleep(0.2)
        self.finish(self.capture())


class Changes(Stations, case.LabCase):
    """What changes the vswitch or a station has one of its own."""

    def test_drops_on_the_way_out_say_where_they_came_from(self):
        process = self.capture("--drops", "-p", "1")
        self.namespaces[2].ip("link", "set", "test-2", "down")
        time.sleep(0.5)
        self.send(1, frame(mac(2), 1))
        seen = self.read(self.finish(process))
        self.assertEqual(len(seen), 1)
        name, _, comment, _ = seen[0]
        self.assertIn("dropped: ", comment)
        self.assertIn(name[:6], ("test/1", "test/2"))

    def test_it_ends_with_its_vswitch_and_leaves_room_for_the_next(self):
        process = self.capture()
        for station in STATIONS:
            self.command("hpvmremove", "-F", "-Q", "-P", f"web{station}")
        self.command("hpvmnet", "-d", "-Q", "-S", "test")
        _, said = process.communicate(timeout=LIMIT)
        self.assertEqual(process.returncode, 1)
        self.assertIn(b"deleted", said)


class Trace(Stations, case.SharedLabCase):
    def outcome(self, station, content):
        return self.command("hpvmnet", "trace", "-S", "test", "--from", str(station), content.hex()).splitlines()[-1]

    def test_it_agrees_with_what_happens(self):
        """What a trace says, beside what captures show of the same frame."""
        everybody = b"\xff" * 6
        self.addCleanup(self.command, "hpvmnet", "-S", "test", "-u", "portid:3:trunk:none")
        self.command("hpvmnet", "-S", "test", "-u", "portid:3:trunk:10")
        self.command("hpvmnet", "-S", "test", "-u", "portid:3:native:none")
        sent = ((1, frame(mac(2), 1)),
                (1, frame(mac(1), 1)),
                (1, frame(mac(9), 1)),
                (1, frame(everybody, 1)),
                (4, frame(everybody, 4)),
                (1, frame(bytes.fromhex("0180c2000000"), 1)),
                (1, frame(mac(2), 1, b"\x81\x00\x00\x0a\x88\xb5")),
                (3, frame(everybody, 3, b"\x81\x00\x00\x0a\x88\xb5")),
                (3, frame(everybody, 3, b"\x81\x00\x00\x0b\x88\xb5")),
                (3, frame(everybody, 3)))
        # Told apart by their lengths, of which a tag that comes or goes is 4.
        sent = [(station, content.ljust(64 + 16 * number, b"\0")) for number, (station, content) in enumerate(sent)]
        said = [self.outcome(station, content) for station, content in sent]
        process = self.capture("--egress", "--drops")
        for station, content in sent:
            self.send(station, content)
        seen = [[] for _ in sent]
        for name, _, comment, length in self.read(self.finish(process)):
            seen[(int(length) - 56) // 16].append((name, comment))
        for (station, content), text, happened in zip(sent, said, seen):
            with self.subTest(station=station, content=content.hex()):
                self.agree(text, happened)

    def agree(self, said, happened):
        if said.startswith("dropped: "):
            self.assertEqual(len(happened), 1, happened)
            reason = re.search(r"\((.*)\)", happened[0][1])[1]
            self.assertTrue(said.startswith(f"dropped: {reason}"), (said, reason))
        else:
            ports = sorted(re.findall(r"port (\d+) \((\w+)\)", said))
            self.assertEqual([f"test/{port} ({guest})" for port, guest in ports],
                             sorted(name for name, _ in happened))

    def test_it_changes_nothing(self):
        before = self.command("hpvmnet", "-S", "test", "-A")
        self.outcome(1, frame(mac(9), 77))
        self.outcome(1, frame(mac(1), 1))
        self.assertEqual(self.command("hpvmnet", "-S", "test", "-A"), before)

    def test_frames_are_made_from_what_they_are_about(self):
        text = self.command("hpvmnet", "trace", "-S", "test", "--from", "1", "--tcp", "10.0.0.1:1024,10.0.0.2:80",
                            "--dst", "02-00-00-00-00-02")
        self.assertIn("delivered to port 2 (web2)", text)
        looking = f"unix:{self.daemon.run_folder}/read.sock"
        text = self.command("hpvmnet", "trace", "-S", "test", "--from", "1", "--arp", "10.0.0.1,10.0.0.2",
                            "--target", looking)
        self.assertIn("flooded to port 2 (web2), port 3 (web3)", text)

    def test_a_port_without_anybody_is_told_of(self):
        refused = self.daemon.run("hpvmnet", "trace", "-S", "test", "--from", "9", "ffffffffffff")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("nothing is attached to port 9", refused.stderr)


if __name__ == "__main__":
    case.main()
