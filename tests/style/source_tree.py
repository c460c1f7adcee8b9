"""What the checks of this folder have in common: the files of the tree, and how findings are shown."""
import os
import re
import sys

SOURCES = (".h", ".cc")
FOLDERS = ("cli", "daemon", "packaging", "plugins", "proto", "tests")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Include:
    def __init__(self, line, project, name):
        self.line = line        # from 1
        self.project = project  # in quotes
        self.name = name


class SourceTree:
    """Paths are relative to the root, with slashes."""

    def __init__(self, root):
        self.root = root

    def path(self, name):
        return os.path.join(self.root, name)

    def files(self, *endings, under=FOLDERS):
        for folder in under:
            for where, folders, names in os.walk(self.path(folder)):
                folders[:] = sorted(f for f in folders if f != "__pycache__")
                for name in sorted(names):
                    if name.endswith(endings or ("",)):
                        yield os.path.relpath(os.path.join(where, name), self.root)

    def exists(self, name):
        return os.path.exists(self.path(name))

    def lines(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read().split("\n")

    def includes(self, name):
        for number, line in enumerate(self.lines(name), 1):
            if found := INCLUDE.match(line):
                yield Include(number, found[1] == '"', found[2])


def main(check, *more):
    """Runs check(SourceTree, ...), which yields findings, on the root given as first argument."""
    findings = list(check(SourceTree(sys.argv[1]), *sys.argv[2:], *more))
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings" if findings else "nothing to complain about")
    sys.exit(1 if findings else 0)
