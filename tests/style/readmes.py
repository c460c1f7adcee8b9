#!/usr/bin/env python3
"""readmes.py ROOT: every folder is explained, and what READMEs name is there.

A folder has a README.md, or the next one above names it ("ring/"). tests/unit needs none below
itself: it mirrors the tree, which is checked for its folders with sources.
"""
import os
import posixpath
import re

import source_tree

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
# A file of ours in backquotes, with its folder.
NAMED = re.compile(r"`((?:\.\./)*[\w.-]+/[\w./-]+\.(?:h|cc|py|proto|md))`")
MIRROR = "tests/unit"
# What tests/unit mirrors, and whether it is there.
MIRRORED = ("daemon", "")


def folders(tree):
    found = {""}
    for file in tree.files():
        folder = posixpath.dirname(file)
        while folder:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return sorted(found)


def readme_above(tree, folder):
    while folder:
        folder = posixpath.dirname(folder)
        if tree.exists(posixpath.join(folder, "README.md")):
            return posixpath.join(folder, "README.md")
    return None


def folder_findings(tree, folder):
    if folder.startswith(MIRROR + "/"):
        if not any(name.endswith(".cc") for name in os.listdir(tree.path(folder))):
            return
        place = folder.removeprefix(MIRROR + "/")
        if not any(tree.exists(posixpath.join(root, place)) for root in MIRRORED) \
                and not tree.exists(posixpath.join(folder, "README.md")):
            yield f"{folder}: {MIRROR} mirrors the tree, and there is no daemon/{place} or {place}"
        return
    if tree.exists(posixpath.join(folder, "README.md")):
        return
    above = readme_above(tree, folder)
    if above is None:
        yield f"{folder or 'the top'}: has no README.md"
    elif f"{posixpath.basename(folder)}/" not in "\n".join(tree.lines(above)):
        yield f"{folder}: has no README.md, and {above} does not name it"


def link_findings(tree, readme):
    folder = posixpath.dirname(readme)
    for number, line in enumerate(tree.lines(readme), 1):
        for target in LINK.findall(line):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not tree.exists(posixpath.join(folder, target)):
                yield f"{readme}:{number}: links to {target}, which is not there"
        for name in NAMED.findall(line):
            places = (folder, "", "daemon", "plugins", "tests", "proto")
            if not any(tree.exists(posixpath.join(place, name)) for place in places):
                yield f"{readme}:{number}: names {name}, which is not there"


def check(tree):
    for folder in folders(tree):
        if folder and not os.path.islink(tree.path(folder)):
            yield from folder_findings(tree, folder)
    for readme in ["README.md", *tree.files(".md")]:
        if tree.exists(readme):
            yield from link_findings(tree, readme)
        else:
            yield f"{readme}: is not there"


if __name__ == "__main__":
    source_tree.main(check)
