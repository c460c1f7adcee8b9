#!/usr/bin/python3
"""Mistakes at the command line: each is explained, fails, and changes nothing."""

from lab import case

RESOURCE = "network:avio_lan::vswitch:test"


def network(rest="", adaptor="avio_lan", place=""):
    return f"network:{adaptor}:{place}:vswitch:{rest}"


def with_mac(mac):
    return network("test", place=f"0,5,{mac}")


# What is typed; then words that the message must have: the object, and the way out.
MISTAKES = [
    ("hpvmnet -S nowhere", ["nowhere", "hpvmnet"]),
    ("hpvmnet -b -S nowhere", ["nowhere"]),
    ("hpvmnet -F -d -S nowhere", ["nowhere"]),
    ("hpvmnet -c -S test", ["test", "exists"]),
    ("hpvmnet -F -d -S test", ["test", "guest1"]),
    ("hpvmnet -F -d -S localnet", ["localnet"]),
    ("hpvmnet -c -S", ["-S"]),
    ("hpvmnet -c", ["-S"]),
    ("hpvmnet --frobnicate", ["--frobnicate", "help"]),
    ("hpvmnet -c -S a/b", ["a/b"]),
    (f"hpvmnet -c -S {'x' * 300}", ["x"]),
    ("hpvmnet -S test -u portid:512:vlanid:7", ["512", "511"]),
    ("hpvmnet -S test -u portid:1:vlanid:4095", ["4095", "4094"]),
    ("hpvmnet -S test -u portid:1:vlanid:-1", ["-1", "4094"]),
    ("hpvmnet -S test -u portid:1:vlanid:blue", ["blue"]),
    ("hpvmnet -S test -u portid:1", ["portid:1"]),
    (f"hpvmcreate -P guest1 -a {RESOURCE}", ["guest1", "hpvmmodify"]),
    (f"hpvmcreate -P new -a {network('nowhere')}", ["nowhere"]),
    (f"hpvmcreate -P new -a {network('test:portid:512')}", ["512", "511"]),
    (f"hpvmcreate -P new -a {network('test:portid:-1')}", ["-1"]),
    (f"hpvmcreate -P new -a {network('test', adaptor='warp_lan')}", ["warp_lan", "avio_lan"]),
    (f"hpvmcreate -P new -a {network('test', place='9,9,')}", ["9"]),
    ("hpvmcreate -P new -a network:avio_lan", ["network:avio_lan"]),
    ("hpvmcreate -P new -a disk:avio_stor::file:/x", ["disk"]),
    ("hpvmcreate -P new -a nonsense", ["nonsense"]),
    (f"hpvmcreate -P new -a {with_mac('0x010203040506')}", ["01", "multicast"]),
    (f"hpvmcreate -P new -a {with_mac('0x000000000000')}", ["00"]),
    (f"hpvmcreate -P new -a {with_mac('0xffffffffffff')}", ["ff"]),
    (f"hpvmcreate -P new -a {with_mac('0x02aabbccddee')}", ["02-aa-bb-cc-dd-ee", "guest1"]),
    (f"hpvmcreate -P new -a {with_mac('0x02aa')}", ["0x02aa"]),
    (f"hpvmmodify -P nobody -a {RESOURCE}", ["nobody"]),
    ("hpvmmodify -P guest1 -d network:avio_lan:3,3:vswitch:test", ["guest1"]),
    ("hpvmremove -F -P nobody", ["nobody"]),
    ("hpvmstatus -P nobody", ["nobody"]),
    ("hpvmstatus -P nobody --qemu", ["nobody"]),
]


class Mistakes(case.LabCase):
    def setUp(self):
        super().setUp()
        self.command("hpvmcreate", "-P", "guest1", "-a",
                     "network:avio_lan:0,1,0x02aabbccddee:vswitch:test:portid:1")

    def everything(self):
        return [self.command(*words) for words in (
            ("hpvmnet",), ("hpvmnet", "-S", "test", "-V"), ("hpvmnet", "-S", "localnet", "-V"),
            ("hpvmstatus",), ("hpvmstatus", "-P", "guest1", "-d"))]

    def test_mistakes(self):
        before = self.everything()
        for line, words in MISTAKES:
            with self.subTest(line[:60]):
                result = self.daemon.run(*line.split(" "))
                message = result.stderr.strip()
                self.assertNotIn(result.returncode, (0, -6, -11), message)
                for word in words:
                    self.assertIn(word.lower(), message.lower())
                self.assertEqual(result.stdout, "")
                self.assertLessEqual(len(message.splitlines()), 3, "an explanation, not a manual")
        self.assertEqual(self.everything(), before)

    def test_no_is_the_answer_without_one(self):
        self.command("hpvmnet", "-c", "-S", "spare")
        for answer in ("\n", "n\n", "what?\n"):
            with self.subTest(answer=answer):
                self.daemon.run("hpvmnet", "-d", "-S", "spare", answer=answer)
                self.assertIn("spare", self.command("hpvmnet"))
        self.daemon.run("hpvmnet", "-d", "-S", "spare", answer="y\n")
        self.assertNotIn("spare", self.command("hpvmnet"))

    def test_nothing_acknowledged_is_lost(self):
        for number in range(20):
            self.command("hpvmnet", "-c", "-S", f"sw{number}")
            self.daemon.kill()
            self.daemon.start()
            self.assertIn(f"sw{number} ", self.command("hpvmnet"))


if __name__ == "__main__":
    case.main()
