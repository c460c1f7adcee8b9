"""The first and only file system of the guests: busybox, drivers, iperf3, init and its agent."""

import pathlib
import re
import shutil
import subprocess

from lab.cpio import Archive
from lab.files import LabError
from lab.kernel import DRIVERS

HERE = pathlib.Path(__file__).resolve().parent


def write_image(path, kernel, tools=(), drivers=DRIVERS):
    """Writes the archive that QEMU takes as -initrd. `tools` are static programs for /bin."""
    archive = Archive()
    for folder in ("proc", "sys", "dev", "tmp", "run"):
        archive.add_folder(folder)
    archive.add_program("init", HERE / "guest" / "init")
    archive.add_program("agent", HERE / "guest" / "agent")
    archive.add_program("bin/busybox", _program("busybox", "busybox-static"))
    archive.add_file("etc/passwd", b"root:x:0:0:root:/:/bin/sh\n")
    modules = kernel.modules(drivers)
    for module in modules:
        archive.add_program(f"modules/{module.name}", module)
    order = "".join(f"{module.name}\n" for module in modules)
    archive.add_file("modules/order", order.encode())
    _add_with_libraries(archive, _program("iperf3", "iperf3"))
    for tool in tools:
        archive.add_program(f"bin/{pathlib.Path(tool).name}", tool)
    archive.write(path)


def _program(name, package):
    path = shutil.which(name)
    if not path:
        raise LabError(f"{name} is missing: apt-get install {package}")
    return path


def _add_with_libraries(archive, program):
    archive.add_program(program, program)
    libraries = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    for library in re.findall(r"(/\S+) \(0x", libraries):
        archive.add_program(library, library)
