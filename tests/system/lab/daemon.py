"""hpvmnetd in a folder of its own, and the commands that speak to it."""

import json
import os
import pathlib
import shlex
import signal
import subprocess
import time

from lab.files import LabError, binaries


class Daemon:
    """The folder holds the daemon's run and state directories and its log. `prefix`: words before all
    commands, as those of Namespace.command()."""

    def __init__(self, folder, options=(), prefix=()):
        self.folder = pathlib.Path(folder)
        self.run_folder = self.folder / "run"
        self.state_folder = self.folder / "state"
        self.log = self.folder / "hpvmnetd.log"
        self.process = None
        self._options = list(options)
        self._prefix = list(prefix)

    @property
    def target(self):
        return f"unix:{self.run_folder}/control.sock"

    def arguments(self):
        return [*self._prefix, str(binaries() / "hpvmnetd"), "--run-dir", str(self.run_folder),
                "--state-dir", str(self.state_folder), *self._options]

    def start(self, outlive=False):
        """Starts the daemon and waits until it answers. `outlive`: it goes on when this process ends."""
        prefix = [] if outlive else ["setpriv", "--pdeathsig", "KILL"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(prefix + self.arguments(), stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + 20
        while self.run("hpvmnet").returncode:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise LabError(f"hpvmnetd does not start:\n{self.tail()}")
            time.sleep(0.02)

    def kill(self):
        """As a crash."""
        self.process.kill()
        self.process.wait()

    def stop(self, limit=10):
        """As an administrator does. Yields the exit status."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
            raise LabError(f"hpvmnetd ignored SIGTERM for {limit} s:\n{self.tail()}") from None

    def run(self, name, *arguments, limit=30, answer=None):
        """Runs a client command to its end. `answer` is what it reads from standard input."""
        environment = os.environ | {"HPVMNET_TARGET": self.target}
        return subprocess.run([*self._prefix, str(binaries() / name), *arguments], env=environment, input=answer,
                              stdin=None if answer else subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=limit, check=False)

    def check(self, name, *arguments):
        """Runs a client command that must succeed and yields its output."""
        result = self.run(name, *arguments)
        if result.returncode:
            raise LabError(f"`{shlex.join((name, *arguments))}` ended with status "
                           f"{result.returncode}: {result.stderr.strip()}")
        return result.stdout

    def events(self, *words):
        """What has happened, as `hpvmnet events` tells programs; where the sequence begins is the first."""
        return [json.loads(line) for line in self.check("hpvmnet", "events", "--json", *words).splitlines()]

    def events_of(self, kind):
        """Those of one kind."""
        return [event for event in self.events() if event.get("kind") == kind]

    def qemu_arguments(self, guest, memory):
        """What a user pastes into the command line of QEMU; `memory` of the guest in MiB."""
        text = self.check("hpvmstatus", "-P", guest, "--qemu", "--memory", str(memory))
        return shlex.split(text.replace("\\\n", " "), comments=True)  # joins lines, as a shell does

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
