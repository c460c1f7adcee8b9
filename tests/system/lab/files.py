"""Where the lab keeps what it makes, and where it finds what the build made."""

import contextlib
import fcntl
import os
import pathlib

SOURCES = pathlib.Path(__file__).resolve().parents[3]


class LabError(Exception):
    """A sentence for the user: what is missing or went wrong, and what to do about it."""


def build_folder():
    return pathlib.Path(os.environ.get("HPVMNET_BUILD", SOURCES / "build"))


def binaries():
    return build_folder() / "bin"


def cache():
    """A folder that outlives builds; everything in it can be made again."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = pathlib.Path(os.environ.get("HPVMNET_CACHE") or os.path.join(home, "hpvmnet"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def locked(folder):
    """One process at a time makes things in the folder."""
    with open(folder / ".lock", "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
