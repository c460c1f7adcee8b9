#!/usr/bin/env python3
"""lengths.py ROOT: no file is longer than a reader can keep in mind."""
import source_tree

MOST_LINES = 400


def check(tree):
    for file in tree.files(*source_tree.SOURCES, ".py", ".proto", ".md", ".sh"):
        if (lines := len(tree.lines(file)) - 1) > MOST_LINES:
            yield f"{file}: {lines} lines, {MOST_LINES} are the most; divide it by ideas"


if __name__ == "__main__":
    source_tree.main(check)
