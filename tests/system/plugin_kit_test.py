#!/usr/bin/python3
"""Plugins by others: the samples are built with nothing but the installed kit, and the daemon has them."""

import os
import re
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from lab import case, files
from lab.network import Namespace

SAMPLES = files.SOURCES / "plugins/samples"
WARNINGS = "-O1 -Wall -Wextra -Wpedantic -Werror"
MIRROR = bytes.fromhex("02000000000e")
STATION = bytes.fromhex("020000000001")
TEST_TYPE, OTHER_TYPE = 0x88b5, 0x88b6
PREFIX = None


def build(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise files.LabError(f"`{shlex.join(str(word) for word in words)}`:\n{done.stdout}{done.stderr}")
    return done.stdout


def install_kit(prefix):
    build("cmake", "--install", files.build_folder(), "--component", "plugin-kit", "--prefix", prefix)
    (prefix / "lib/hpvmnet/plugins").mkdir(parents=True)
    shutil.copy(files.build_folder() / "lib/hpvmnet/plugins/tap.so", prefix / "lib/hpvmnet/plugins")


def pkg_config(prefix, *options):
    file, = prefix.rglob("hpvmnet-plugin.pc")
    path = os.pathsep.join(filter(None, (str(file.parent), os.environ.get("PKG_CONFIG_PATH"))))
    text = build("pkg-config", *options, "hpvmnet-plugin", env=os.environ | {"PKG_CONFIG_PATH": path})
    return shlex.split(text)


def build_with_cmake(prefix, sample):
    folder = prefix / f"build-{sample}"
    build("cmake", "-S", SAMPLES / sample, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}",
          f"-DCMAKE_CXX_FLAGS={WARNINGS}")
    build("cmake", "--build", folder)
    build("cmake", "--install", folder)


def build_with_pkg_config(prefix, sample):
    plugins, = pkg_config(prefix, "--variable=plugindir")
    build("c++", "-shared", "-fPIC", *WARNINGS.split(), *pkg_config(prefix, "--cflags"),
          SAMPLES / sample / f"{sample}.cc", "-o", pathlib.Path(plugins) / f"{sample}.so",
          *pkg_config(prefix, "--libs"))


def build_old_module(plugins):
    """One for version 1 of the interface, whose description this hpvmnetd would misread."""
    source = plugins / "old.c"
    source.write_text("static const unsigned description[32] = {1};\n"
                      "const void *hpvmnet_plugin(void) { return description; }\n")
    build("cc", "-shared", "-fPIC", source, "-o", plugins / "old.so")


def setUpModule():
    global PREFIX
    PREFIX = pathlib.Path(tempfile.mkdtemp(prefix="hpvm-kit-"))
    unittest.addModuleCleanup(shutil.rmtree, PREFIX)
    install_kit(PREFIX)
    with ThreadPoolExecutor() as builders:
        for built in (builders.submit(build_with_cmake, PREFIX, "echo"),
                      builders.submit(build_with_pkg_config, PREFIX, "ethertypes")):
            built.result()


class Kit:
    """A daemon that has the samples, a mirror and a station. With one of the cases of a lab."""

    def daemon_prefix(self):
        self.host = Namespace(self, "host")
        return self.host.command()

    def set_up_lab(self):
        folder = tempfile.TemporaryDirectory(prefix="hpvm-plugins-")
        self.addCleanup(folder.cleanup)
        self.plugins = pathlib.Path(folder.name)
        self.fill_plugins()
        self.daemon_options = ("--plugin-dir", str(self.plugins))
        super().set_up_lab()
        self.station = Namespace(self, "station")
        self.add_guest("station", "tap", 2)
        self.command("hpvmcreate", "-P", "mirror", "-a",
                     f"network:echo:,,0x{MIRROR.hex()}:vswitch:test:portid:1")
        self.attach()

    def fill_plugins(self):
        shutil.copytree(PREFIX / "lib/hpvmnet/plugins", self.plugins, dirs_exist_ok=True)

    def attach(self):
        self.host.ip("link", "set", "test-2", "netns", self.station.name)
        self.station.run("sysctl", "-qw", "net.ipv6.conf.test-2.disable_ipv6=1")  # it is to be silent
        self.station.ip("link", "set", "test-2", "up")
        self.socket = self.station.raw("test-2")
        self.addCleanup(self.socket.close)

    def echo(self, frame_type, to=MIRROR):
        """What comes back of a frame."""
        payload = os.urandom(200)
        self.socket.send(to + STATION + frame_type.to_bytes(2, "big") + payload)
        wanted = STATION + to + frame_type.to_bytes(2, "big") + payload
        return self.socket.receive(lambda frame: frame == wanted)

    def check_a_file_keeps_them(self):
        """A file that describes what is there has the filters, too, and without them they go."""
        text = self.command("hpvmnet", "export")
        self.assertIn("ethertypes(0x88b6,0x0800)", text)
        again = self.daemon.run("hpvmnet", "apply", "-f", "-", answer=text)
        self.assertEqual(again.stdout, "Nothing to change.\n", again.stderr)
        without = re.sub(r" *filters: .*\n", "", text)
        planned = self.daemon.run("hpvmnet", "apply", "-f", "-", "--dry-run", answer=without)
        self.assertIn("filters of vswitch 'test' to none instead of ethertypes(0x88b6,0x0800)", planned.stdout)

    def set_filters(self, filters):
        return self.daemon.run("hpvmnet", "-S", "test", "-u", f"filters:{filters}")


class Samples(Kit, case.SharedLabCase):
    """They lie beside what is no plugin."""

    def fill_plugins(self):
        super().fill_plugins()
        build_old_module(self.plugins)
        (self.plugins / "text.so").write_text("no module")
        shutil.copy(PREFIX / "lib/hpvmnet/plugins/echo.so", self.plugins / "writable.so")
        (self.plugins / "writable.so").chmod(0o777)

    def test_a_port_of_the_sample_answers(self):
        self.assertRegex(self.command("hpvmnet", "-S", "test", "-p", "1"), r"Port State +: Active\n")
        for _ in range(300):  # more than it has slots
            self.assertIsNotNone(self.echo(TEST_TYPE))
        self.assertIsNone(self.echo(TEST_TYPE, to=bytes.fromhex("02000000000f")))

    def test_a_filter_of_the_sample_drops_and_counts(self):
        self.command("hpvmnet", "-S", "test", "-A", "-Z")
        self.assertEqual(self.set_filters("ethertypes(0x88b6,0x0800)").returncode, 0)
        self.assertIsNone(self.echo(TEST_TYPE))
        self.assertIsNotNone(self.echo(OTHER_TYPE))
        self.assertEqual(self.drops(), {(2, "filtered"): 1})
        self.check_a_file_keeps_them()
        refused = self.set_filters("ethertypes(IPv4)")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("filter 'ethertypes' cannot be used on vswitch 'test': 'IPv4' is no EtherType",
                      refused.stderr)
        self.assertRegex(self.command("hpvmnet", "-S", "test", "-V"),
                         r"Filters +: ethertypes\(0x88b6,0x0800\)\n")
        self.assertEqual(self.set_filters("none").returncode, 0)
        self.assertIsNotNone(self.echo(TEST_TYPE))

    def test_what_is_no_plugin_is_listed_with_the_reason(self):
        text = self.command("hpvmnet", "plugin", "list")
        self.assertRegex(text, r"(?m)^echo +1\.0 +\d+ Loaded +echo +- +/")
        self.assertRegex(text, r"(?m)^ethertypes +1\.0 +\d+ Loaded +- +ethertypes +/")
        self.assertRegex(text, r"(?m)^- +- +1 Refused .*/old\.so$")
        self.assertIn("old.so: it was built for version 1 of the plugin interface", text)
        self.assertRegex(text, r"text\.so: .*(invalid ELF header|file too short)")
        self.assertIn("writable.so: its file can be written to by others than its owner", text)
        self.assertIsNotNone(self.echo(TEST_TYPE))


class Restarts(Kit, case.LabCase):
    def restart(self):
        self.assertEqual(self.daemon.stop(), 0)
        self.daemon.start()
        self.attach()

    def test_filters_are_kept_and_one_that_is_missing_shuts_the_vswitch(self):
        self.assertEqual(self.set_filters("ethertypes(88b6)").returncode, 0)
        self.restart()
        self.assertIsNotNone(self.echo(OTHER_TYPE))
        self.assertIsNone(self.echo(TEST_TYPE))
        (self.plugins / "ethertypes.so").unlink()
        self.restart()
        self.assertIsNone(self.echo(OTHER_TYPE))
        self.assertEqual(self.drops(), {(2, "filtered"): 1})
        self.assertIn("Filter Remark        : ethertypes: no plugin provides it",
                      self.command("hpvmnet", "-S", "test", "-V"))
        self.assertIn("until its filters can be used or are taken away, no frame passes it",
                      self.daemon.log.read_text())
        self.assertEqual(self.set_filters("none").returncode, 0)
        self.assertIsNotNone(self.echo(OTHER_TYPE))


class Headers(unittest.TestCase):
    def test_every_installed_header_is_complete_and_clean(self):
        includes = PREFIX / "include/hpvmnet"
        headers = sorted(str(file.relative_to(includes)) for file in includes.rglob("*.h"))
        self.assertIn("plugin/plugin.h", headers)
        text = "".join(f'#include "{header}"\n' for header in headers)
        build("c++", "-fsyntax-only", *WARNINGS.split(), *pkg_config(PREFIX, "--cflags"), "-x", "c++", "-",
              input=text)


if __name__ == "__main__":
    case.main()
