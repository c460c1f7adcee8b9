#!/usr/bin/python3
"""Guests reboot again and again while their peer sends to them."""

from lab import case, traffic

REBOOTS = case.setting("REBOOTS", 10)
# Its port sees less of it: a stream without memory or rings.
EMULATED_REBOOTS = case.setting("EMULATED_REBOOTS", max(1, REBOOTS // 4))


class Reboot(case.LabCase):
    def test_accelerated(self):
        self.reboot("avio_lan", "lan", REBOOTS)

    def test_emulated(self):
        self.reboot("lan", "avio_lan", EMULATED_REBOOTS)

    def reboot(self, adaptor, peer_adaptor, times):
        guest, peer = self.boot(adaptor, peer_adaptor, tools=[case.built_tool("frame_probe")])
        traffic.flood(peer, guest)
        for number in range(times):
            with self.subTest(reboot=number):
                guest.reset()
                guest.wait_ready()
                self.assertEqual(traffic.ping(guest, peer.address, count=3), traffic.Ping(3, 3))
        self.assertTrue(peer.check("pidof frame_probe"), "the flood has ended")


if __name__ == "__main__":
    case.main()
