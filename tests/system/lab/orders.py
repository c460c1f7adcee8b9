"""The host's end of the line on which a guest's agent takes orders (guest/agent)."""

import collections
import itertools
import socket
import time

from lab.files import LabError

Completed = collections.namedtuple("Completed", "status output")


class Orders:
    """One order at a time. Whatever is on the line and was not asked for is skipped."""

    def __init__(self, name, path, limit):
        self._name = name
        self._numbers = itertools.count(1)
        self._pending = b""
        self._socket = _connected(path, limit)

    def close(self):
        self._socket.close()

    def wait_ready(self, limit):
        """Waits for the end of a boot."""
        deadline = time.monotonic() + limit
        while not self._line(deadline).endswith(b"ready " + self._name.encode()):
            pass

    def send(self, command, limit):
        """Gives an order and yields its number."""
        number = next(self._numbers)
        assert "\n" not in command and len(command) < 3000, "an order is one line"
        self._socket.sendall(f"run {number} {max(1, int(limit))} {command}\n".encode())
        return number

    def answer(self, number, limit):
        deadline = time.monotonic() + limit
        while True:
            words = self._line(deadline).split()
            if len(words) == 4 and words[:2] == [b"done", b"%d" % number]:
                break
        return Completed(int(words[2]), self._bytes(int(words[3]), deadline).decode(errors="replace"))

    def _line(self, deadline):
        while b"\n" not in self._pending:
            self._more(deadline)
        line, _, self._pending = self._pending.partition(b"\n")
        return line

    def _bytes(self, size, deadline):
        while len(self._pending) < size:
            self._more(deadline)
        content, self._pending = self._pending[:size], self._pending[size:]
        return content

    def _more(self, deadline):
        self._socket.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            received = self._socket.recv(65536)
        except TimeoutError:
            raise LabError(f"guest {self._name} did not answer in time") from None
        if not received:
            raise LabError(f"guest {self._name} has ended")
        self._pending += received


def _connected(path, limit):
    deadline = time.monotonic() + limit
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(path))
            return line
        except OSError:
            line.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
