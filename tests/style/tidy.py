#!/usr/bin/env python3
"""tidy.py ROOT BUILD-DIR [FILE ...]: clang-tidy, as .clang-tidy says, on what the daemon, its plugins
and the commands are made of. Takes minutes: it is a test of its own (ctest -L tidy)."""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import tempfile

import source_tree

FINDING = re.compile(r"(?P<file>/\S+?):(?P<line>\d+):\d+: (?:warning|error): (?P<text>.*)")
# What g++ understands and clang-tidy does not: precompiled headers among them.
FOREIGN = re.compile(r"-Wno-tsan|-Winvalid-pch|-fpch-\S+")


def without_precompiled_headers(command):
    words, kept = iter(shlex.split(command)), []
    for word in words:
        if word == "-include":
            next(words)
        elif not FOREIGN.fullmatch(word):
            kept.append(word)
    return shlex.join(kept)


def make_database(build, folder):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    for entry in commands:
        entry["command"] = without_precompiled_headers(entry["command"])
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(commands, file)
    return {os.path.realpath(entry["file"]) for entry in commands}


def is_generated(build, file):
    return os.path.realpath(file).startswith(os.path.realpath(build) + os.sep)


def run(tree, build, database, file):
    done = subprocess.run(["clang-tidy", "--quiet", "-p", database, tree.path(file)], text=True,
                          capture_output=True, check=False, cwd=tree.root)
    found = list(FINDING.finditer(done.stdout))
    findings = {f"{os.path.relpath(os.path.realpath(match['file']), tree.root)}:{match['line']}: "
                f"{match['text']}" for match in found if not is_generated(build, match["file"])}
    if done.returncode != 0 and not found:
        findings = {f"{file}: clang-tidy failed: {done.stderr.strip()[-300:]}"}
    return findings


def check(tree, build, *files):
    files = files or list(tree.files(".cc", under=("cli", "daemon", "plugins")))
    with tempfile.TemporaryDirectory() as database:
        compiled = make_database(build, database)
        wanted = [file for file in files if os.path.realpath(tree.path(file)) in compiled]
        findings = set()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for found in pool.map(lambda file: run(tree, build, database, file), wanted):
                findings |= found
    return sorted(findings)


if __name__ == "__main__":
    source_tree.main(check)
