#!/usr/bin/python3
"""Guests reboot again and again while their peer sends to them."""

from lab import case, traffic

REBOOTS = case.setting("REBOOTS", 20)


class Reboot(case.LabCase):
    def test_accelerated(self):
        self.reboot("avio_lan", "lan")

    def test_emulated(self):
        self.reboot("lan", "avio_lan")

    def reboot(self, adaptor, peer_adaptor):
        guest, peer = self.boot(adaptor, peer_adaptor, tools=[case.built_tool("frame_probe")])
        traffic.flood(peer, guest)
        for number in range(REBOOTS):
            with self.subTest(reboot=number):
                guest.reset()
                guest.wait_ready()
                self.assertEqual(traffic.ping(guest, peer.address, count=3), traffic.Ping(3, 3))
        self.assertTrue(peer.check("pidof frame_probe"), "the flood has ended")


if __name__ == "__main__":
    case.main()
