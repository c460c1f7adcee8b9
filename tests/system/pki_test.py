#!/usr/bin/python3
"""hpvmnet-pki: what it makes, and what it refuses to do."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

from lab import case, files

PKI = files.SOURCES / "packaging" / "hpvmnet-pki"


class Pki(unittest.TestCase):
    def setUp(self):
        case.require("openssl", "openssl")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hpvm-pki-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.tls = self.folder / "tls"

    def run_pki(self, *words):
        return subprocess.run([PKI, "--dir", self.tls, *words], capture_output=True, text=True, check=False)

    def made(self, *words):
        done = self.run_pki(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        return done.stdout.strip()

    def refused(self, status, word, *words):
        before = self.contents()
        done = self.run_pki(*words)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(word, done.stderr)
        self.assertEqual(self.contents(), before)

    def contents(self):
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def mode(self, *names):
        return self.tls.joinpath(*names).stat().st_mode & 0o777

    def openssl(self, *words):
        return subprocess.run(["openssl", *words], capture_output=True, text=True, check=True, cwd=self.tls).stdout

    def test_what_it_makes(self):
        self.made("init", "--name", "our authority")
        self.made("server", "host.example.org", "--san", "192.0.2.1", "--san", "2001:db8::1")
        client = self.made("client", "alice", "--role", "administrator", "--days", "2")
        self.assertEqual(client, str(self.tls / "clients/alice"))
        elsewhere = self.folder / "bob"
        self.assertEqual(self.made("client", "bob", "--role", "observer", "--out", str(elsewhere)), str(elsewhere))
        for key in ("ca.key", "server.key", "clients/alice/client.key"):
            self.assertEqual(self.mode(key), 0o600)
        for name in ("ca.crt", "server.crt", "roles"):
            self.assertEqual(self.mode(name), 0o644)
        server = self.openssl("x509", "-in", "server.crt", "-noout", "-text")
        for word in ("prime256v1", "DNS:host.example.org", "IP Address:192.0.2.1", "2001:DB8:0:0:0:0:0:1",
                     "TLS Web Server Authentication", "CN = our authority"):
            self.assertIn(word, server)
        for name, purpose in (("server.crt", "sslserver"), ("clients/alice/client.crt", "sslclient"),
                              (str(elsewhere / "client.crt"), "sslclient")):
            self.openssl("verify", "-CAfile", "ca.crt", "-purpose", purpose, name)
        with self.assertRaises(subprocess.CalledProcessError):
            self.openssl("verify", "-CAfile", "ca.crt", "-purpose", "sslserver", "clients/alice/client.crt")
        self.assertEqual((self.tls / "roles").read_text().splitlines()[-2:],
                         ["administrator CN=alice", "observer CN=bob"])
        listed = self.made("list")
        for word in ("CN=our authority", "CN=host.example.org", "CN=alice", "administrator CN=alice"):
            self.assertIn(word, listed)

    def test_renewal_and_revocation(self):
        self.made("init")
        self.made("client", "alice", "--role", "administrator")
        with open(self.tls / "roles", "a", encoding="ascii") as roles:
            roles.write("observer CN=alice springs\n# alice\n")
        self.refused(1, "--renew", "client", "alice", "--role", "observer")
        self.refused(1, "--renew", "client", "alice", "--role", "observer", "--out", str(self.folder / "new"))
        before = (self.tls / "clients/alice/client.crt").read_text()
        self.made("client", "alice", "--role", "observer", "--renew")
        self.assertNotEqual((self.tls / "clients/alice/client.crt").read_text(), before)
        self.assertEqual((self.tls / "roles").read_text().splitlines()[-3:],
                         ["observer CN=alice springs", "# alice", "observer CN=alice"])
        self.made("revoke", "alice")
        self.assertEqual((self.tls / "roles").read_text().splitlines()[-2:], ["observer CN=alice springs", "# alice"])
        self.refused(1, "no role", "revoke", "alice")

    def test_mistakes(self):
        self.refused(1, "init", "server", "host")
        self.refused(1, "init", "client", "alice", "--role", "observer")
        self.made("init")
        self.made("server", "host")
        self.refused(1, "never replaced", "init", "--renew")
        self.refused(1, "--renew", "server", "host")
        for word, words in (("what is to be done", ()), ("no command", ("make",)), ("--role", ("client", "alice")),
                            ("no role", ("client", "alice", "--role", "root")), ("NAME", ("client",)),
                            ("a/b", ("client", "a/b", "--role", "observer")), ("no option", ("init", "--force")),
                            ("a,DNS:b", ("server", "a,DNS:b")), ("needs a value", ("server", "x", "--san")),
                            ("--days", ("server", "x", "--days", "0"))):
            with self.subTest(words=words):
                self.refused(2, word, *words)
        self.assertIn("Usage:", self.made("--help"))


if __name__ == "__main__":
    case.main()
