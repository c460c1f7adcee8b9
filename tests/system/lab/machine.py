"""A computer with Debian's kernel and this one's files: what needs that kernel runs there instead of here."""

import os
import shlex

from lab import files, image, kernel
from lab.guest import Guest

MEMORY = 1024  # MiB
ROOT = "/files"
MOUNTS = (f"mkdir {ROOT}", f"mount -t 9p -o trans=virtio,ro,cache=loose,msize=512000 files {ROOT}",
          *(f"mount -t {kind} {kind} {ROOT}/{folder}"
            for kind, folder in (("proc", "proc"), ("sysfs", "sys"), ("devtmpfs", "dev"), ("tmpfs", "run"))))


class Machine(Guest):
    """It sees the whole file system of this machine, read-only; only /run is its own."""

    def __init__(self, name, folder):
        linux = kernel.kernel()
        initrd = folder / f"{name}.initrd"
        image.write_image(initrd, linux, drivers=kernel.HOST_DRIVERS)
        shared = "local,path=/,mount_tag=files,security_model=none,readonly=on,multidevs=remap"
        super().__init__(name, folder, linux, initrd, ["-m", str(MEMORY), "-virtfs", shared], processors=2)

    def mount(self):
        self.check(" && ".join(MOUNTS))

    def run_there(self, words, limit, **settings):
        """Runs a program of this machine there, with these settings for the environment, and yields its
        status and output."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": "/run", **settings,
                       "HPVMNET_BUILD": str(files.build_folder().resolve())}
        variables = [f"{name}={value}" for name, value in environment.items()]
        return self.run(shlex.join(["chroot", ROOT, "/usr/bin/env", "-i", *variables, *map(str, words)]), limit)
