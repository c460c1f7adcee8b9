#!/usr/bin/python3
"""Administration from another host: who may do what, and how little strangers and the hostile get."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import warnings

from lab import case, files, http2
from lab.network import Namespace

ADDRESS = ("127.0.0.1", 7443)
TARGET = "127.0.0.1:7443"
MOST = 16
MIB = 1 << 20
PKI = files.SOURCES / "packaging" / "hpvmnet-pki"
LIST = "/hpvmnet.v1.VswitchService/ListVswitches"
CREATE = "/hpvmnet.v1.VswitchService/CreateVswitch"


class RemoteCase(case.LabCase):
    """A daemon in a network namespace where this process is, too. alice is an administrator, bob an
    observer."""

    @classmethod
    def setUpClass(cls):
        case.require("openssl", "openssl")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="hpvm-tls-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.tls = folder / "tls"
        cls.pki("init")
        cls.pki("server", "localhost", "--san", "127.0.0.1")
        cls.alice = cls.client("alice", "administrator")
        cls.bob = cls.client("bob", "observer")
        cls.daemon_options = ("--listen", TARGET, "--tls-dir", str(cls.tls), "--max-connections", str(MOST))

    def setUp(self):
        namespace = Namespace(self, "remote")
        inside = contextlib.ExitStack()
        inside.enter_context(namespace.entered())
        self.addCleanup(inside.close)
        super().setUp()

    @classmethod
    def pki(cls, *words, folder=None):
        done = subprocess.run([PKI, "--dir", folder or cls.tls, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @classmethod
    def client(cls, name, role, *words, folder=None):
        return pathlib.Path(cls.pki("client", name, "--role", role, *words, folder=folder))

    def remote(self, folder, *words, target=TARGET):
        return self.daemon.run("hpvmnet", "--target", target, "--tls-dir", str(folder), *words)

    def check_remote(self, folder, *words):
        done = self.remote(folder, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def check_refused(self, done, *words):
        self.assertEqual(done.returncode, 1, done.stdout)
        for word in words:
            self.assertIn(word, done.stderr)

    def until(self, happened, limit=10):
        end = time.monotonic() + limit
        while not happened():
            self.assertLess(time.monotonic(), end, "this does not happen")
            time.sleep(0.05)

    def connect(self, folder, **options):
        client = http2.Client(ADDRESS, http2.context(folder), **options)
        self.addCleanup(client.close)
        return client


def hello(tls):
    """The first bytes that a client says."""
    said = ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.wrap_bio(ssl.MemoryBIO(), said).do_handshake()
    return said.read()


class Roles(RemoteCase):
    def test_certificates_say_who_may_do_what(self):
        self.check_remote(self.alice, "-c", "-S", "remote")
        self.assertIn("remote", self.check_remote(self.bob))
        self.check_refused(self.remote(self.bob, "-c", "-S", "other"), "observer", "administrator CN=bob")
        self.assertNotIn("other", self.command("hpvmnet"))
        audit = [json.loads(line) for line in (self.daemon.state_folder / "audit.log").read_text().splitlines()]
        told = [(line["who"], line["method"], line["result"]) for line in audit]
        self.assertEqual(told, [("control.sock", "CreateVswitch", "ok"), ("control.sock", "BootVswitch", "ok"),
                                ("CN=alice", "CreateVswitch", "ok"),
                                ("CN=bob", "CreateVswitch", "permission_denied")])
        self.assertTrue(audit[2]["from"].startswith("127.0.0.1:"))
        self.assertEqual(audit[2]["request"], 'name: "remote"')

    def test_changes_are_taken_up_while_a_connection_lives(self):
        living = self.connect(self.bob)
        living.call("/grpc.health.v1.Health/Watch")
        serial = self.serial()
        self.pki("server", "localhost", "--san", "127.0.0.1", "--renew")
        self.until(lambda: self.serial() != serial)
        self.check_remote(self.alice)
        self.pki("revoke", "bob")
        self.until(lambda: self.remote(self.bob).returncode)
        self.check_refused(self.remote(self.bob), "no role", "observer CN=bob")
        self.client("bob", "administrator", "--renew")
        self.until(lambda: not self.remote(self.bob, "-c", "-S", "bobs").returncode)
        roles = (self.tls / "roles").read_text()
        (self.tls / "roles").write_text(roles + "nonsense\n")
        self.until(lambda: "no role" in self.daemon.log.read_text())
        self.check_remote(self.alice)
        (self.tls / "roles").write_text(roles)
        self.client("bob", "observer", "--renew")
        living.socket.sendall(http2.frame(http2.PING, 0, 0, bytes(8)))
        while living.receive()[:2] != (http2.PING, http2.ACK):  # EOFError where it has ended
            pass

    def serial(self):
        with socket.create_connection(ADDRESS) as plain, http2.context(self.alice).wrap_socket(plain) as tls:
            return tls.getpeercert()["serialNumber"]

    def test_the_audit_log_may_be_rotated(self):
        log = self.daemon.state_folder / "audit.log"
        log.rename(log.with_suffix(".1"))
        self.daemon.process.send_signal(1)
        self.until(log.exists)
        self.check_remote(self.alice, "-c", "-S", "later")
        self.assertIn("later", log.read_text())


class Strangers(RemoteCase):
    def refused(self, tls):
        """Whether a client gets no answer with this."""
        try:
            client = http2.Client(ADDRESS, tls)
        except (ssl.SSLError, ConnectionError):
            return True
        try:
            client.call(LIST)
            while client.receive()[0] != http2.HEADERS:
                pass
        except (EOFError, ssl.SSLError, ConnectionError):
            return True
        finally:
            client.close()
        return False

    def test_nobody_comes_without_a_good_certificate(self):
        self.assertFalse(self.refused(http2.context(self.bob)))
        self.assertTrue(self.refused(None), "clear text")
        self.assertTrue(self.refused(http2.context(authority=self.tls / "ca.crt")), "no certificate")
        expired = self.expired()
        self.assertTrue(self.refused(http2.context(expired)), "expired")
        self.check_refused(self.remote(expired), "expired")
        old = http2.context(self.bob)
        old.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore"):
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        self.assertEqual(hello(old)[9:11], b"\x03\x02", "this client can speak TLS 1.1")
        self.assertTrue(self.refused(old), "TLS 1.1")
        newer = http2.context(self.bob)
        newer.maximum_version = ssl.TLSVersion.TLSv1_2
        self.assertFalse(self.refused(newer), "TLS 1.2")

    def test_other_authorities_mean_nothing(self):
        other = self.folder / "tls"
        self.pki("init", folder=other)
        eve = self.client("alice", "administrator", folder=other)
        self.check_refused(self.remote(eve), "not signed by the authority")
        shutil.copy(self.tls / "ca.crt", eve)
        self.assertTrue(self.refused(http2.context(eve)))
        self.check_refused(self.remote(eve), "does not accept the certificate")

    def test_the_name_in_the_certificate_counts(self):
        self.pki("server", "elsewhere", "--renew")
        self.until(lambda: self.remote(self.alice).returncode)
        self.check_refused(self.remote(self.alice), "not for the name 127.0.0.1", "--san 127.0.0.1")
        self.pki("server", "localhost", "--san", "127.0.0.1", "--renew")

    def test_the_daemon_does_not_start_half_safe(self):
        key = self.tls / "server.key"
        for mode, words in ((0o640, "chmod 600"), (None, "hpvmnet-pki")):
            with self.subTest(words):
                if mode:
                    key.chmod(mode)
                else:
                    key.unlink()
                done = subprocess.run(
                    [files.binaries() / "hpvmnetd", "--run-dir", self.folder / "run2", "--state-dir",
                     self.folder / "state2", "--listen", "127.0.0.1:0", "--tls-dir", self.tls],
                    capture_output=True, text=True, timeout=10, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(words, done.stderr)
        self.pki("server", "localhost", "--san", "127.0.0.1", "--renew")

    def expired(self):
        """A certificate of bob that was good until yesterday."""
        folder = self.folder / "expired"
        shutil.copytree(self.bob, folder)
        request, crt = folder / "request", folder / "client.crt"
        subprocess.run(["openssl", "req", "-new", "-key", folder / "client.key", "-subj", "/CN=bob", "-out", request],
                       check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", request, "-CA", self.tls / "ca.crt", "-CAkey",
                        self.tls / "ca.key", "-set_serial", "7", "-days", "-1", "-out", crt],
                       check=True, capture_output=True)
        return folder


class Hostile(RemoteCase):
    """Whatever they do, local administrators are answered, and the daemon's size is bounded."""

    def setUp(self):
        super().setUp()
        self.check_remote(self.alice)
        self.before = self.descriptors()
        self.threads_before = self.threads()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.daemon.process.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.daemon.process.pid}/task"))

    def memory(self):
        """The most that the daemon has had so far, in MiB."""
        status = pathlib.Path(f"/proc/{self.daemon.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def check_bounds(self, mib):
        self.command("hpvmnet")
        self.assertLessEqual(self.descriptors(), self.before + 2 * MOST + 4)
        self.assertLess(self.memory(), mib)

    def crowd(self, number, greeting=b""):
        sockets = []
        for _ in range(number):
            one = socket.create_connection(ADDRESS)
            self.addCleanup(one.close)
            one.sendall(greeting)
            sockets.append(one)
        return sockets

    def test_a_thousand_idle_connections(self):
        living = self.connect(self.bob)
        living.call("/grpc.health.v1.Health/Watch")
        while living.receive()[0] != http2.DATA:
            pass
        self.crowd(1000)
        self.check_bounds(100)
        self.check_remote(self.alice, "-c", "-S", "amidst")  # strangers make room
        self.check_bounds(100)
        living.socket.sendall(http2.frame(http2.PING, 0, 0, bytes(8)))
        while living.receive()[:2] != (http2.PING, http2.ACK):
            pass

    def test_a_handshake_that_never_ends(self):
        last = self.crowd(MOST, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")[-1]
        self.check_bounds(100)
        last.settimeout(20)
        with contextlib.suppress(ConnectionError):
            self.assertEqual(last.recv(1), b"", "the daemon hangs up")
        self.until(lambda: self.descriptors() <= self.before)

    def test_a_message_of_100_mib(self):
        client = self.connect(self.alice)
        taken = client.pour(client.begin(CREATE), 100 * MIB)
        self.assertLess(taken, 16 * MIB)
        self.check_bounds(100)
        self.check_remote(self.alice)

    def test_answers_that_nobody_reads(self):
        for _ in range(4):
            client = self.connect(self.bob, window=0)
            for _ in range(16):
                client.call(LIST)
        self.until(lambda: self.threads() > self.threads_before + 24)
        self.check_bounds(100)
        self.assertLess(self.threads(), self.threads_before + 40)

    def test_requests_that_never_end(self):
        for _ in range(MOST - 2):
            client = self.connect(self.bob)
            for _ in range(16):
                stream = client.begin(CREATE)
                client.socket.sendall(http2.frame(http2.DATA, 0, stream, b"\0" + (MIB - 1).to_bytes(4, "big") +
                                                  bytes(3000)))
        self.check_bounds(200)
        self.check_remote(self.alice)


if __name__ == "__main__":
    case.main()
