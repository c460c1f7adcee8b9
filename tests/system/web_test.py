#!/usr/bin/python3
"""The page and the metrics as a browser and a collector meet them, with traffic; what clients of HTTP may
not do."""

import http.client
import re
import shutil
import socket
import subprocess
import time

from lab import case

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
except ImportError:
    webdriver = None

PATIENCE = 20  # seconds
PLACES = 64    # for connections at a time


class WebCase(case.LabCase):
    daemon_options = ("--http", "0", "--log-level", "debug")

    def setUp(self):
        super().setUp()
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", self.daemon.log.read_text())
        self.port = int(address[1])
        self.origin = f"http://127.0.0.1:{self.port}"

    def request(self, method, path, **more):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request(method, path, **more)
        response = connection.getresponse()
        return response, response.read().decode()

    def raw(self, data):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.addCleanup(client.close)
        client.sendall(data)
        return client

    def send_traffic(self):
        """From the guest on port 1 to the one on port 2, until the test ends."""
        tool = case.built_tool("frame_load")
        for role, port in (("receive", 2), ("send", 1)):
            process = case.spawn(self, [tool, role, f"avio:{self.socket_of(port)}"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.assertIn(b"ready", process.stdout.readline())

    def add_guests(self):
        self.add_guest("alpha", "avio_lan", 1)
        self.add_guest("beta", "avio_lan", 2)
        self.add_guest("gamma", "lan", 3)


class Metrics(WebCase):
    def test_a_scrape(self):
        self.add_guests()
        self.send_traffic()
        response, text = self.request("GET", "/metrics")
        self.assertEqual(response.status, 200)
        self.assertTrue(response.getheader("Content-Type").startswith("text/plain; version=0.0.4"))
        values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        self.assertEqual(values['hpvmnet_port_attached{vswitch="test",port="1"}'], "1")
        self.assertEqual(values['hpvmnet_port_attached{vswitch="test",port="3"}'], "0")
        self.assertEqual(values['hpvmnet_vswitch_sessions{vswitch="test"}'], "2")
        frames = 'hpvmnet_port_ingress_frames_total{vswitch="test",port="1"}'
        self.assertGreater(float(self.later(frames)), float(values[frames]))
        if shutil.which("promtool"):
            done = subprocess.run(["promtool", "check", "metrics"], input=text, text=True,
                                  capture_output=True, check=False)
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def later(self, name):
        time.sleep(0.3)
        _, text = self.request("GET", "/metrics")
        return next(line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith(name))


class Limits(WebCase):
    def test_nothing_can_be_changed(self):
        for method in ("POST", "PUT", "DELETE"):
            response, _ = self.request(method, "/api/v1/vswitches/test", body="{}")
            self.assertEqual((response.status, response.getheader("Allow")), (405, "GET, HEAD"))
        self.assertIn("test", self.command("hpvmnet"))

    def test_a_header_that_is_too_big(self):
        response, _ = self.request("GET", "/", headers={"X": "x" * 30_000})
        self.assertEqual(response.status, 431)

    def test_a_foreign_name_for_this_host(self):
        response, _ = self.request("GET", "/metrics", headers={"Host": "evil.example"})
        self.assertEqual(response.status, 421)

    def test_slow_clients_that_take_every_place(self):
        """They are given up after a pause; the daemon's commands do not notice."""
        slow = [self.raw(b"GET /metrics HTTP/1.1\r\nHost: loc") for _ in range(PLACES)]
        self.command("hpvmnet")
        for client in slow:
            self.assertNotIn(b" 200 ", self.everything(client))
        response, _ = self.request("GET", "/metrics")
        self.assertEqual(response.status, 200)

    @staticmethod
    def everything(client):
        """What comes until the server closes the connection."""
        heard = b""
        try:
            while part := client.recv(1000):
                heard += part
        except ConnectionResetError:
            pass
        return heard

    def test_only_this_host_reaches_it_unless_that_is_said(self):
        done = subprocess.run([*self.daemon.arguments(), "--http", "0.0.0.0:0"], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 2)


class Page(WebCase):
    def setUp(self):
        super().setUp()
        if webdriver is None:
            self.skipTest("selenium is not installed; apt-get install python3-selenium")
        case.require("chromium", "chromium")
        case.require("chromedriver", "chromium-driver")
        options = webdriver.ChromeOptions()
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1300,1000",
                     "--disable-background-networking"):
            options.add_argument(word)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self.browser = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.addCleanup(self.browser.quit)

    def wait_for(self, what, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"{what}:\n{self.text()}")
            time.sleep(0.2)

    def text(self):
        return self.browser.find_element(By.TAG_NAME, "body").text

    def painted(self, canvas):
        """How many pixels of a canvas are not empty."""
        return self.browser.execute_script(
            "const c = document.getElementById(arguments[0]);"
            "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            "let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n;", canvas)

    def requested(self):
        messages = [entry["message"] for entry in self.browser.get_log("performance")]
        return {url for message in messages if '"Network.requestWillBeSent"' in message
                for url in re.findall(r'"request":\{.*?"url":"([^"]+)"', message)}

    def test_it_shows_what_happens(self):
        self.add_guests()
        self.browser.get(self.origin)
        self.wait_for("vswitch with a reserved port", lambda: all(
            word in self.text() for word in ("test", "localnet", "alpha", "gamma", "reserved")))
        self.send_traffic()
        self.wait_for("guests that are attached", lambda: self.text().count("active") == 2)
        self.wait_for("an event", lambda: re.search("alpha.*(attached|ready)|port 1.*(attached|up)", self.text()))
        self.wait_for("traffic", lambda: re.search(r"sends\n[\d.]+ [kMG]bit/s", self.text()))
        self.wait_for("a plot", lambda: self.painted("traffic") > 1000)
        self.assertIn("Worker 0", self.text())
        self.assertIn("live", self.text())
        foreign = {url for url in self.requested() if not url.startswith((self.origin, "data:"))}
        self.assertEqual(foreign, set())
        complaints = [entry for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
        self.assertEqual(complaints, [])

    def test_many_vswitches_and_a_daemon_that_goes(self):
        for number in range(30):
            self.command("hpvmnet", "-c", "-S", f"tenant{number}")
        self.browser.get(self.origin)
        self.wait_for("all of them", lambda: "tenant29" in self.text())
        self.browser.find_element(By.ID, "filter").send_keys("tenant2")
        vswitches = self.browser.find_element(By.ID, "list")
        self.wait_for("fewer of them", lambda: "tenant19" not in vswitches.text and "tenant29" in vswitches.text)
        self.daemon.kill()
        self.wait_for("that nobody answers", lambda: "no answer" in self.text())


if __name__ == "__main__":
    case.main()
