#!/usr/bin/python3
"""Subcommands, configuration files and completion, with the real daemon and no guests to boot."""

import fcntl
import json
import os
import pathlib
import pty
import re
import signal
import socket
import struct
import subprocess
import termios
import time

from lab import case
from lab.files import binaries

NET = """\
vswitches:
  localnet: {}
  prod:
    multicast: strict
    ports:
      3: {vlan: 120, trunk: [10, 20-29], queues: 2}
      4: {rings: packed}
    mirror: {to: 9, from: [3, 4], filter: tcp port 80}
  lab: {up: false}
guests:
  web1:
    vnics:
      - vswitch: prod
        port: 3
      - {vswitch: lab, adaptor: lan}
  old:
    vnics:
      - {vswitch: prod, adaptor: lan, mac: "02:aa:bb:cc:dd:ee"}
"""

COMPLETIONS = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "completions"


class Apply(case.LabCase):
    def apply(self, text, *options):
        return self.daemon.run("hpvmnet", "apply", "-f", "-", *options, answer=text)

    def applied(self, text, *options):
        result = self.apply(text, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def export(self):
        return self.command("hpvmnet", "export")

    def test_a_file_is_made_so_once(self):
        plan = self.applied(NET, "--dry-run")
        self.assertIn("create vswitch 'prod'", plan)
        self.assertIn("delete vswitch 'test'", plan)
        self.assertIn("test", self.command("hpvmnet"), "a dry run changes nothing")
        done = self.applied(NET)
        self.assertEqual(plan.splitlines()[:-1], done.splitlines()[:-1])
        self.assertEqual(self.applied(NET), "Nothing to change.\n")
        self.assertEqual(self.applied(self.export()), "Nothing to change.\n")
        ports = json.loads(self.command("hpvmnet", "port", "show", "prod", "3", "--json"))
        self.assertEqual((ports["vlan_id"], ports["trunk"], ports["queue_pairs"]), (120, "10,20-29", 2))
        self.assertEqual(ports["reserved_by"], ["web1"])

    def test_it_outlives_the_daemon(self):
        self.applied(NET)
        before = self.export()
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.export(), before)

    def test_addresses_stay_and_ports_can_be_swapped(self):
        self.applied(NET)
        before = self.guest("web1")
        self.applied(NET.replace("port: 3", "port: 5"))
        after = self.guest("web1")
        self.assertEqual(before["vnics"][0]["mac_address"], after["vnics"][0]["mac_address"])
        self.assertEqual(after["vnics"][0]["port"], 5)

        def pair(one, two):
            return ("vswitches: {prod: {}}\nguests:\n"
                    f"  a: {{vnics: [{{vswitch: prod, port: {one}, adaptor: lan}}]}}\n"
                    f"  b: {{vnics: [{{vswitch: prod, port: {two}}}]}}\n")
        self.applied(pair(1, 2))
        self.applied(pair(2, 1))
        self.assertEqual(self.guest("a")["vnics"][0]["port"], 2)

    def guest(self, name):
        return json.loads(self.command("hpvmnet", "guest", "show", name, "--json"))

    def test_others_are_kept_where_that_is_asked(self):
        self.applied("vswitches: {more: {}}\n", "--keep-others")
        self.assertIn("test", self.command("hpvmnet"))
        self.applied("vswitches: {more: {}}\n")
        self.assertNotIn("test", self.command("hpvmnet"))

    def test_mistakes_name_the_place_and_change_nothing(self):
        before = self.export()
        for text, words in (
                ("vswitches:\n  a: {trunc: 1}\n", ["standard input:2:7", "trunc"]),
                ("vswitches:\n  a:\n    ports:\n      3: {vlna: 1}\n", [":4:11", "did you mean 'vlan'"]),
                ("vswitches:\n  a: {}\nguests:\n  g: {vnics: [{vswitch: aa}]}\n", [":4:25", "'a'"]),
                ("vswitches:\n  a: {ports: {512: {}}}\n", [":2:15", "511"]),
                ("vswitches:\n  a: {}\n  a: {}\n", [":3:3", "twice"]),
                ("vswitches:\n  a: {ports: {1: {trunk: x}}}\n", [":2:15", "'x'"]),
                ("vswitches:\n  a/b: {}\n", [":2:3", "a/b"]),
                ("guests:\n  g: {vnics: [{vswitch: localnet, adaptor: warp}]}\n", [":2:3", "warp"]),
                ("vswitches: {a: {}}\nguests: {g: {vnics: [{vswitch: a, mac: 01-00-00-00-00-01}]}}\n",
                 [":2:10", "multicast"]),
                ("vswitches: [\n", [":2:1"]),
                ("# nothing\n", ["empty"]), ("--- {}\n--- {}\n", ["documents"])):
            with self.subTest(text):
                result = self.apply(text)
                self.assertNotEqual(result.returncode, 0)
                for word in words:
                    self.assertIn(word, result.stderr)
        self.assertEqual(self.export(), before)

    def test_attached_guests_are_disconnected_by_force_only(self):
        text = "vswitches: {test: {}}\nguests: {g: {vnics: [{vswitch: test, port: 1, adaptor: lan}]}}\n"
        self.applied(text)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
            peer.connect(str(self.socket_of(1)))
            self.wait_for(lambda: "On" in self.command("hpvmnet", "guest", "list"))
            self.assertEqual(self.applied(text), "Nothing to change.\n")
            without = "vswitches: {test: {}}\n"
            dry = self.apply(without, "--dry-run")
            self.assertEqual(dry.returncode, 0)
            self.assertIn("would be refused", dry.stderr)
            refused = self.apply(without)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("--force", refused.stderr)
            self.assertIn("g", self.command("hpvmnet", "guest", "list"))
            self.applied(without, "--force")
        self.assertEqual(json.loads(self.command("hpvmnet", "guest", "list", "--json"))["guests"], [])

    def wait_for(self, condition):
        deadline = time.monotonic() + 10
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited in vain")
            time.sleep(0.05)


class Nouns(case.LabCase):
    def json(self, *words):
        return json.loads(self.command("hpvmnet", *words, "--json"))

    def test_the_life_of_a_vswitch(self):
        self.assertEqual(self.json("switch", "create", "prod", "--up")["state"], "STATE_UP")
        self.assertEqual(self.json("switch", "set", "prod", "--multicast", "flood")["multicast"],
                         "MULTICAST_FLOOD")
        self.command("hpvmnet", "switch", "halt", "prod", "--yes")
        self.assertEqual(self.json("switch", "show", "prod")["state"], "STATE_DOWN")
        self.assertEqual(self.json("switch", "boot", "prod")["state"], "STATE_UP")
        self.command("hpvmnet", "switch", "reset", "prod")
        self.assertEqual(self.daemon.run("hpvmnet", "switch", "delete", "prod").returncode, 1)
        self.command("hpvmnet", "switch", "delete", "prod", "-y")
        self.assertNotIn("prod", self.command("hpvmnet", "switch", "list"))

    def test_several_settings_of_a_port_are_made_together(self):
        port = self.json("port", "set", "test", "3", "--vlan", "120", "--trunk", "10,20-29", "--queues",
                         "2", "--rings", "packed")
        self.assertEqual([port[key] for key in ("vlan_id", "trunk", "queue_pairs", "rings")],
                         [120, "10,20-29", 2, "RINGS_PACKED"])
        wrong = self.daemon.run("hpvmnet", "port", "set", "test", "3", "--vlan", "7", "--trunk", "x")
        self.assertEqual(wrong.returncode, 1)
        self.assertEqual(self.json("port", "show", "test", "3"), port)

    def test_the_life_of_a_guest(self):
        guest = self.json("guest", "create", "web1", "--vnic", "vswitch=test", "--vnic",
                          "vswitch=localnet,adaptor=lan,port=4")
        self.assertEqual([vnic["adaptor"] for vnic in guest["vnics"]], ["avio_lan", "lan"])
        guest = self.json("guest", "modify", "web1", "--set-vnic", "bus=0,device=1,port=5", "--add-vnic",
                          "network:lan::vswitch:test:portid:9")
        self.assertEqual([vnic["port"] for vnic in guest["vnics"]], [guest["vnics"][0]["port"], 5, 9])
        self.assertIn("test/9", self.command("hpvmnet", "guest", "list"))
        self.command("hpvmnet", "guest", "delete", "web1", "--yes")
        self.assertEqual(self.json("guest", "list")["guests"], [])

    def test_help_lists_everything(self):
        for words in ((), ("switch",)):
            listed = self.command("hpvmnet", *(words or ("help",)))
            self.assertIn("switch list", listed)
        self.assertIn("switch list", self.command("hpvmnet", "--help"))
        self.assertIn("--vlan", self.command("hpvmnet", "help", "port", "set"))

    def test_nothing_is_coloured_or_cut_in_a_pipe(self):
        for words in (("switch", "list"), ("port", "list"), ("port", "counters"), ("mac",), ("drops",)):
            self.assertNotIn("\033", self.command("hpvmnet", *words))
        self.assertIn("\033[32m", self.command("hpvmnet", "switch", "list", "--color", "always"))

    def test_a_terminal_has_colours_and_a_width(self):
        self.command("hpvmnet", "guest", "create", "a-guest-with-quite-a-long-name-indeed", "--vnic",
                     "vswitch=test,adaptor=lan,endpoint=/a/very/long/path/to/some/socket/far/away")
        main, side = pty.openpty()
        self.addCleanup(os.close, main)
        os.set_blocking(main, False)
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 70, 0, 0))
        environment = os.environ | {"HPVMNET_TARGET": self.daemon.target, "TERM": "xterm"}
        environment.pop("NO_COLOR", None)
        for extra, coloured in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            subprocess.run([binaries() / "hpvmnet", "port", "list"], stdout=side, check=True,
                           env=environment | extra)
            text = os.read(main, 65536).decode()
            self.assertEqual("\033[33m" in text, coloured)
            for line in text.replace("\033[33m", "").replace("\033[0m", "").splitlines():
                self.assertLessEqual(len(line), 70)
        os.close(side)

    def watch(self, *words):
        environment = os.environ | {"HPVMNET_TARGET": self.daemon.target}
        return case.spawn(self, [binaries() / "hpvmnet", *words, "--watch", "0.1"], env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_watching_ends_with_sigint(self):
        process = self.watch("switch", "list", "--json")
        first, second = process.stdout.readline(), process.stdout.readline()
        self.assertEqual(json.loads(first), json.loads(second))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        self.assertEqual((process.returncode, err), (0, ""))
        self.assertTrue(all(json.loads(line) for line in out.splitlines()), "no half lines")

    def test_watching_ends_when_the_reader_goes(self):
        for words in (("port", "counters"), ("drops",), ("mac", "list"), ("switch", "show", "test")):
            process = self.watch(*words)
            process.stdout.readline()
            process.stdout.close()
            self.assertEqual(process.wait(10), 0)
            self.assertEqual(process.stderr.read(), "")


class Completion(case.LabCase):
    # What is typed; what must be offered, what must not.
    TYPED = [("hpvmnet swi", {"switch"}, set()),
             ("hpvmnet port ", {"set", "show", "list", "counters"}, {"boot"}),
             ("hpvmnet switch show ", {"localnet", "test"}, {"web1"}),
             ("hpvmnet guest show w", {"web1"}, {"test"}),
             ("hpvmnet port show test ", {"7"}, set()),
             ("hpvmnet port set test 7 --ri", {"--rings"}, {"--vlan"}),
             ("hpvmnet port set test 7 --rings ", {"split", "packed"}, set()),
             ("hpvmnet -S t", {"test"}, {"localnet"}),
             ("hpvmstatus -P ", {"web1"}, {"test"})]

    def setUp(self):
        super().setUp()
        self.command("hpvmnet", "guest", "create", "web1", "--vnic", "vswitch=test,port=7")
        self.environment = os.environ | {"HPVMNET_TARGET": self.daemon.target,
                                         "PATH": f"{binaries()}:{os.environ['PATH']}"}

    def shell(self, *command, **more):
        return subprocess.run(command, env=self.environment | more, capture_output=True, text=True,
                              timeout=30, check=True).stdout

    def check(self, offered):
        for typed, wanted, unwanted in self.TYPED:
            with self.subTest(typed):
                words = set(offered(typed))
                self.assertLessEqual(wanted, words)
                self.assertFalse(unwanted & words, words)

    def test_bash(self):
        script = (f'source {COMPLETIONS}/hpvmnet.bash; read -ra COMP_WORDS <<<"$1"; '
                  '[[ $1 == *" " ]] && COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); '
                  '_hpvmnet; printf "%s\\n" "${COMPREPLY[@]}"')
        self.check(lambda typed: self.shell("bash", "-c", script, "bash", typed).split())

    def test_fish(self):
        case.require("fish", "fish")
        script = f"source {COMPLETIONS}/hpvmnet.fish; complete -C $argv[1]"
        self.check(lambda typed: [line.split("\t")[0] for line in self.shell(
            "fish", "-N", "-c", script, typed, HOME=str(self.folder)).splitlines()])

    def test_zsh(self):
        case.require("zsh", "zsh")
        # The completion system needs a line editor: its last step is replaced by one that prints.
        script = (f'_describe() {{ local w; for w in $found; do print -r -- ${{w%%:*}}; done }}; _files() {{ }}; '
                  f'source_it() {{ source {COMPLETIONS}/_hpvmnet }}; '
                  'words=(${(z)1}); [[ $1 == *" " ]] && words+=(""); CURRENT=$#words; source_it')
        self.check(lambda typed: self.shell("zsh", "-f", "-c", script, "zsh", typed).split())

    def test_each_name_of_the_program_is_completed(self):
        names = {path.name for path in binaries().glob("hpvm*") if path.resolve().name == "hpvmnet"}
        self.assertIn("hpvmclone", names)
        for file, line in (("hpvmnet.bash", r"complete -F _hpvmnet (.*)"), ("_hpvmnet", r"#compdef (.*)"),
                           ("hpvmnet.fish", r"for name in (.*)")):
            listed = re.search(line, (COMPLETIONS / file).read_text()).group(1)
            self.assertEqual(names, set(listed.split()), file)

    def test_a_silent_daemon_is_not_waited_for(self):
        self.daemon.process.send_signal(signal.SIGSTOP)
        self.addCleanup(self.daemon.process.send_signal, signal.SIGCONT)
        self.shell(str(binaries() / "hpvmnet"), "complete", "--", "hpvmnet", "switch", "show", "")


if __name__ == "__main__":
    case.main()
