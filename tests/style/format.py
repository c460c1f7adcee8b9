#!/usr/bin/env python3
"""format.py ROOT: C++ files are as clang-format would write them, all others without stray spaces."""
import subprocess

import source_tree


def check(tree):
    files = list(tree.files(*source_tree.SOURCES))
    done = subprocess.run(["clang-format", "--dry-run", *files], cwd=tree.root, text=True,
                          capture_output=True, check=True)
    for file in sorted({line.split(":")[0] for line in done.stderr.splitlines()
                        if "-Wclang-format-violations" in line}):
        yield f"{file}: not as clang-format writes it; run clang-format -i {file}"
    for file in tree.files(".md", ".py", ".proto", ".txt", ".sql", "run", "quickstart"):
        for number, line in enumerate(tree.lines(file), 1):
            if line != line.rstrip() or "\t" in line:
                yield f"{file}:{number}: a tab, or a space at the end of the line"


if __name__ == "__main__":
    source_tree.main(check)
