#!/usr/bin/env python3
"""The checks of this folder find what they are for, and nothing in a tree without faults."""
import os
import shutil
import subprocess
import tempfile
import unittest

import format as format_check
import headers
import includes
import lengths
import readmes
from source_tree import SourceTree

CLEAN = {
    "README.md": "See [plugins](plugins/README.md), `daemon/` and `daemon/base/log.h`.\n",
    "daemon/README.md": "`base/`, `control/`, `frame/`, `plugin/`, `switch/`\n",
    "daemon/base/log.h": "#pragma once\n\n#include <fmt/format.h>\n",
    "daemon/base/note.cc": '#include "base/note.h"\n\n#include <sys/mman.h>\n',
    "daemon/base/note.h": "#pragma once\n\n#include <cstddef>\n",
    "daemon/control/loop.cc": "#include <event2/event.h>\n",
    "daemon/control/plan.h": '#pragma once\n\n#include "base/log.h"\n#include "control/model.h"\n',
    "daemon/control/model.h": "#pragma once\n\n#include <string>\n",
    "daemon/frame/frame.h": '#pragma once\n\n#include "base/note.h"\n',
    "daemon/plugin/adaptor.h": '#pragma once\n\n#include "base/log.h"\n#include "frame/frame.h"\n',
    "daemon/switch/learn.h": '#pragma once\n\n#include "frame/frame.h"\n',
    "plugins/README.md": "`avio_lan/`, `lan/`\n",
    "plugins/avio_lan/adaptor.cc": '#include "plugin/adaptor.h"\n',
    "plugins/lan/port.cc": '#include "lan/frame_reader.h"\n#include "plugin/adaptor.h"\n',
    "plugins/lan/frame_reader.h": '#pragma once\n\n#include "frame/frame.h"\n',
    "tests/README.md": "`unit/`\n",
    "tests/unit/switch/learn_test.cc": '#include "switch/learn.h"\n',
}
HERE = os.path.dirname(os.path.realpath(__file__))


class ChecksTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copy(os.path.join(HERE, "../../.clang-format"), self.root)
        for name, text in CLEAN.items():
            self.write(name, text)

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def findings(self, check, *more):
        return "\n".join(check.check(SourceTree(self.root), *more))

    def assert_finds(self, check, part, *more):
        self.assertIn(part, self.findings(check, *more))

    def build(self):
        """A build directory for a compiler that knows the tree."""
        self.write("build/compile_commands.json",
                   '[{"file": "x.cc", "command": "g++ -std=c++20 -Werror -Wall -I%s/daemon -c x.cc"}]'
                   % self.root)
        return os.path.join(self.root, "build")

    def test_a_tree_without_faults(self):
        for check in (format_check, includes, lengths, readmes):
            self.assertEqual(self.findings(check), "", check.__name__)
        shutil.rmtree(os.path.join(self.root, "plugins"))
        os.remove(os.path.join(self.root, "daemon/base/log.h"))
        self.write("daemon/plugin/adaptor.h", "#pragma once\n")
        self.write("daemon/control/plan.h", "#pragma once\n")
        self.assertEqual(self.findings(headers, self.build()), "")

    def test_layers(self):
        for file, text, part in (
                ("daemon/frame/frame.h", '#include "switch/learn.h"', "may not include daemon/switch"),
                ("daemon/switch/x.h", '#include "control/model.h"', "may not include daemon/control"),
                ("daemon/control/plan.h", '#include "switch/learn.h"', "may not include daemon/switch"),
                ("plugins/lan/x.cc", '#include "avio_lan/ring.h"', "no file below"),
                ("plugins/lan/x.cc", '#include "switch/learn.h"', "may not include daemon/switch"),
                ("cli/x.cc", '#include "base/log.h"', "cli may not include daemon/base/log.h")):
            with self.subTest(file=file, text=text):
                self.write(file, text + "\n")
                self.assert_finds(includes, f"{file}:1: ")
                self.assert_finds(includes, part)
                self.write(file, CLEAN.get(file, ""))

    def test_adaptors_do_not_know_each_other(self):
        self.write("plugins/avio_lan/ring.h", "#pragma once\n")
        self.write("plugins/lan/x.cc", '#include "avio_lan/ring.h"\n')
        self.assert_finds(includes, "plugins/lan may not include plugins/avio_lan/ring.h")

    def test_the_packet_path_reaches_nothing_that_waits_however_indirectly(self):
        self.write("daemon/base/note.h", '#pragma once\n#include "base/log.h"\n')
        self.assert_finds(includes, "plugins/lan/frame_reader.h: frames move here")
        self.assert_finds(includes, "daemon/base/note.h → daemon/base/log.h")

    def test_libraries_have_a_home(self):
        self.write("daemon/switch/x.h", "#include <event2/event.h>\n")
        self.assert_finds(includes, "<event2/event.h> belongs to daemon/control alone")
        self.write("daemon/base/y.h", "#include <boost/any.hpp>\n")
        self.assert_finds(includes, "library that tests/style/includes.py does not know")

    def test_headers(self):
        build = self.build()
        self.write("daemon/base/alone.h", "#pragma once\ninline std::string name() { return {}; }\n")
        self.write("daemon/base/note.cc", '#include "frame/frame.h"\n#include "base/note.h"\n')
        self.write("daemon/frame/frame.h", '#include "base/note.h"\n')
        self.assert_finds(headers, "daemon/base/alone.h: does not compile alone", build)
        self.assert_finds(headers, "daemon/base/note.cc: its first include", build)
        self.assert_finds(headers, "daemon/frame/frame.h: has no #pragma once", build)

    def test_format(self):
        self.write("daemon/base/note.cc", '#include   "base/note.h"\nint  x;\n')
        self.write("tests/README.md", "text \n")
        self.assert_finds(format_check, "clang-format -i daemon/base/note.cc")
        self.assert_finds(format_check, "tests/README.md:1: a tab, or a space")

    def test_lengths(self):
        self.write("daemon/base/note.cc", "\n" * 400)
        self.assertEqual(self.findings(lengths), "")
        self.write("daemon/base/note.cc", "\n" * 401)
        self.assert_finds(lengths, "daemon/base/note.cc: 401 lines")

    def test_readmes(self):
        self.write("README.md", "[a](nowhere.md) [b](https://example.org/) `daemon/base/gone.h`\n")
        self.write("packaging/run", "")
        self.write("daemon/store/x.cc", "")
        self.write("tests/unit/gone/x_test.cc", "")
        self.assert_finds(readmes, "README.md:1: links to nowhere.md")
        self.assert_finds(readmes, "README.md:1: names daemon/base/gone.h")
        self.assert_finds(readmes, "packaging: has no README.md")
        self.assert_finds(readmes, "daemon/store: has no README.md, and daemon/README.md does not")
        self.assert_finds(readmes, "tests/unit/gone: tests/unit mirrors the tree")
        self.assertNotIn("example", self.findings(readmes))


class Programs(unittest.TestCase):
    def test_findings_are_an_error(self):
        with tempfile.TemporaryDirectory() as root:
            done = subprocess.run([os.path.join(HERE, "readmes.py"), root], capture_output=True,
                                  check=False, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("README.md: is not there", done.stdout)


if __name__ == "__main__":
    unittest.main()
