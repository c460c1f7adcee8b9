"""Real Linux guests in QEMU, and a daemon to attach them to. Python's standard library only."""
