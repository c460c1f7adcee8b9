"""A network namespace: a host of its own as far as networks go, which the test makes and removes."""

import itertools
import os
import subprocess

from lab.files import LabError

_numbers = itertools.count(1)


class Namespace:
    """Has its loopback interface up, and nothing else. Ends with the test."""

    def __init__(self, case):
        self.name = f"hpvmnet-{os.getpid()}-{next(_numbers)}"
        _run("ip", "netns", "add", self.name)
        case.addCleanup(_run, "ip", "netns", "delete", self.name)
        self.ip("link", "set", "lo", "up")

    def ip(self, *words):
        """Runs `ip` in the namespace."""
        _run("ip", "-n", self.name, *words)

    def command(self, *words):
        """The words that run a program in the namespace."""
        return ["ip", "netns", "exec", self.name, *map(str, words)]


def _run(*words):
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    if result.returncode:
        raise LabError(f"`{' '.join(words)}` ended with status {result.returncode}: "
                       f"{result.stderr.strip()}")
