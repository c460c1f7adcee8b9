#!/usr/bin/env python3
"""The packet path takes no more instructions a frame than it did.

Times differ from run to run and from machine to machine; instructions do not. Where a change is worth
more of them, its commit raises the limit here and says why.
"""
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.join(os.environ["HPVMNET_BUILD"], "tests/count_instructions")
FRAMES = 32_000
# (bytes of a frame, stations on each side): instructions a frame
LIMITS = {(60, 1): 280, (60, 1024): 400, (256, 1): 385}


def count(length, stations):
    with tempfile.TemporaryDirectory() as directory:
        output = os.path.join(directory, "callgrind.out")
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=hpvmnet::move_burst(*",
             f"--callgrind-out-file={output}", PROGRAM, str(length), str(stations), str(FRAMES)],
            capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"{PROGRAM} did not move its frames under valgrind:\n{run.stderr}")
        with open(output, encoding="utf-8") as file:
            return int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.M).group(1)) / FRAMES


def main():
    too_many = []
    for (length, stations), limit in LIMITS.items():
        instructions = count(length, stations)
        print(f"{length} bytes, {stations} stations a side: {instructions:.0f} instructions a frame"
              f" (limit {limit})", flush=True)
        if not 0.5 * limit < instructions <= limit:
            too_many.append((length, stations))
    if too_many:
        sys.exit(f"outside of half the limit to the limit: {too_many}")


if __name__ == "__main__":
    main()
