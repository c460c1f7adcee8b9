#!/usr/bin/env python3
"""headers.py ROOT BUILD-DIR: every header can be included alone, and only once.

A header with a .cc beside it is the first include there, so that compiling the tree proves it. The
others are compiled here.
"""
import concurrent.futures
import json
import os
import shlex
import subprocess

import source_tree


def first_include(tree, file):
    return next((include.name for include in tree.includes(file) if include.project), None)


def compiler_command(build):
    """A C++ compiler with the flags of our own code and every folder that any file looks into."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = [shlex.split(entry["command"]) for entry in json.load(file)]
    ours = max(commands, key=lambda words: "-Werror" in words)
    compiler = next(i for i, word in enumerate(ours) if not word.endswith("ccache"))
    flags = [word for word in ours[compiler:] if word.startswith(("-D", "-f", "-std", "-W"))]
    folders = {}  # in the order in which they are met
    for words in commands:
        for i, word in enumerate(words):
            if word.startswith("-I"):
                folders.setdefault((word,))
            elif word == "-isystem":
                folders.setdefault((word, words[i + 1]))
    return [ours[compiler], *flags, *(word for folder in folders for word in folder)]


def compile_alone(tree, header, command):
    text = f'#include "{tree.path(header)}"\n'
    done = subprocess.run([*command, "-fsyntax-only", "-x", "c++", "-"], input=text, text=True,
                          capture_output=True, cwd=tree.root, check=False)
    if done.returncode != 0:
        first = next((line for line in done.stderr.splitlines() if "error" in line), "")
        return f"{header}: does not compile alone: {first.strip()}"
    return None


def check(tree, build):
    command = compiler_command(build)
    jobs = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header in tree.files(".h"):
            if "#pragma once" not in tree.lines(header):
                yield f"{header}: has no #pragma once"
            source = header.removesuffix(".h") + ".cc"
            if tree.exists(source):
                first = first_include(tree, source)
                if first is None or not header.endswith(first):
                    yield f"{source}: its first include in quotes is not its own header {header}"
                continue
            jobs.append(pool.submit(compile_alone, tree, header, command))
        for job in jobs:
            if finding := job.result():
                yield finding


if __name__ == "__main__":
    source_tree.main(check)
