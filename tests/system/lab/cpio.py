"""Writes cpio archives in the format that Linux takes as its first file system ("newc")."""

import os
import stat


class Archive:
    """A file system tree in memory. Folders above a file appear by themselves."""

    def __init__(self):
        self._entries = {}

    def add_file(self, path, content, mode=0o644):
        self._add(path, stat.S_IFREG | mode, content)

    def add_program(self, path, source):
        """Adds a program or library of this machine."""
        with open(source, "rb") as file:
            self.add_file(path, file.read(), 0o755)

    def add_folder(self, path):
        self._add(path, stat.S_IFDIR | 0o755, b"")

    def add_link(self, path, target):
        self._add(path, stat.S_IFLNK | 0o777, target.encode())

    def write(self, path):
        with open(path, "wb") as out:
            for number, (name, (mode, content)) in enumerate(self._entries.items(), 1):
                _write_entry(out, number, name, mode, content)
            _write_entry(out, 0, "TRAILER!!!", 0, b"")

    def _add(self, path, mode, content):
        path = path.strip("/")
        parent = os.path.dirname(path)
        if parent and parent not in self._entries:
            self.add_folder(parent)
        self._entries[path] = (mode, content)


def _write_entry(out, number, name, mode, content):
    raw = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(raw), 0)
    out.write(b"070701" + b"".join(b"%08X" % field for field in fields))
    out.write(raw)
    out.write(b"\0" * (-(110 + len(raw)) % 4))
    out.write(content)
    out.write(b"\0" * (-len(content) % 4))
