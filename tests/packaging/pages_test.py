#!/usr/bin/env python3
"""pages_test.py SOURCES BUILD: manual pages and --help list the same options."""

import pathlib
import re
import subprocess
import sys
import unittest

SOURCES, BUILD = (pathlib.Path(argument) for argument in sys.argv[1:3])
BIN = BUILD / "bin"
COMMANDS = ("hpvmnet", "hpvmclone", "hpvmcreate", "hpvmmodify", "hpvmremove", "hpvmstatus", "hpvmnetd")
OWN_PAGE_FOR_COMMON = ("hpvmnet", "hpvmnetd")  # the others refer to hpvmnet(8)


def output(*words):
    return subprocess.run([BIN / words[0], *words[1:]], capture_output=True, text=True, check=True,
                          timeout=20).stdout


def options_in_help(text):
    """The options at the beginning of lines, and those that all commands have."""
    own, _, common = text.partition("Common options")

    def found(part):
        names = set()
        for line in part.splitlines():
            match = re.match(r"  (-{1,2}\w[\w-]*(?:,\s*-{1,2}\w[\w-]*)*)", line)
            if match:
                names |= set(re.split(r",\s*", match.group(1)))
        return names
    return found(own), found(common)


def options_in_page(name):
    names = set()
    for line in (SOURCES / f"{name}.8.scd").read_text().splitlines():
        if line.startswith("*-"):
            names |= set(re.findall(r"\*(-{1,2}\w[\w-]*)\*", line))
    return names


def subcommands():
    """[(noun, verb)]; the verb may be empty."""
    found = []
    for line in output("hpvmnet", "help").splitlines():
        match = re.match(r"  ([a-z]+)(?: ([a-z]+))?  ", line)
        if match:
            found.append((match.group(1), match.group(2) or ""))
    return found


class Pages(unittest.TestCase):
    def compare(self, page, helped):
        written = options_in_page(page)
        self.assertEqual(helped - written, set(), f"options that {page}(8) does not explain")
        self.assertEqual(written - helped, set(), f"options in {page}(8) that do not exist")

    def test_commands(self):
        for command in COMMANDS:
            with self.subTest(command):
                own, common = options_in_help(output(command, "--help"))
                self.compare(command, own | (common if command in OWN_PAGE_FOR_COMMON else set()))

    def test_the_script_that_makes_certificates(self):
        text = subprocess.run([SOURCES.parent / "hpvmnet-pki", "--help"], capture_output=True, text=True,
                              check=True, timeout=20).stdout
        helped = set()
        for line in text.partition("Examples:")[0].splitlines():
            if line.startswith(("  hpvmnet-pki ", "  --")):
                helped |= set(re.findall(r"--[a-z]+", line[2:].split("  ")[0]))
        self.compare("hpvmnet-pki", helped)

    def test_subcommands(self):
        nouns = {}
        for noun, verb in subcommands():
            words = [noun, verb] if verb else [noun]
            own, common = options_in_help(output("hpvmnet", *words, "--help"))
            self.assertIn("--target", common)
            nouns.setdefault(noun, set()).update(own)
        self.assertLessEqual({"switch", "port", "guest", "mac", "drops", "apply", "export"}, set(nouns))
        for noun, options in nouns.items():
            with self.subTest(noun):
                if noun == "help":  # is in hpvmnet(8), and has no options of its own
                    self.assertEqual(options, set())
                else:
                    self.compare(f"hpvmnet-{noun}", options)

    def test_the_main_page_names_all_subcommands(self):
        text = (SOURCES / "hpvmnet.8.scd").read_text()
        named = set(re.findall(r"^(?:\[\[|\|) +\*hpvmnet ([a-z]+)\*", text, re.M))
        self.assertEqual(named, {noun for noun, _ in subcommands()})

    def test_pages_are_built_and_can_be_read(self):
        sources = list(SOURCES.glob("*.scd"))
        self.assertGreater(len(sources), 10)
        for source in sources:
            with self.subTest(source.name):
                page = BUILD / "man" / source.stem
                self.assertTrue(page.exists(), f"{page} is not built")
                text = page.read_text()
                for heading in (".SH NAME", ".SH DESCRIPTION"):
                    self.assertIn(heading, text)
                shown = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page],
                                       capture_output=True, text=True, timeout=20, check=True)
                self.assertEqual(shown.stderr, "")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
