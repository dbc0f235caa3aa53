# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""make install and make uninstall, below a DESTDIR."""

import filecmp
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from postern_site import case

TREE = Path(__file__).resolve().parents[2]
CONFIGURATION = {"etc/postern/postern.conf"}


class Install(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.to = Path(folder.name)
        self.make("install")

    def make(self, target):
        done = subprocess.run(
            ["make", "--no-print-directory", f"FLAVOUR={case.BUILD.name}",
             f"DESTDIR={self.to}", target], cwd=TREE, text=True, timeout=120,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout[-1000:])

    def files(self):
        return {str(path.relative_to(self.to))
                for path in self.to.rglob("*") if not path.is_dir()}

    def test_what_is_shipped_is_there_as_it_is(self):
        share = self.to / "usr/local/share"
        examples = TREE / "packaging/examples"
        shipped = [path for path in examples.rglob("*") if path.is_file()]
        places = {path: share / "postern/examples" / path.relative_to(examples)
                  for path in shipped}
        for path in (TREE / "README.md", *TREE.glob("docs/*.md")):
            places[path] = share / "doc/postern" / path.relative_to(TREE)
        for path, place in places.items():
            self.assertTrue(filecmp.cmp(path, place, shallow=False), place)
            self.assertEqual(place.stat().st_mode & 0o777,
                             0o755 if path.suffix == ".sh" else 0o644, place)

    def test_links_from_page_to_page_hold(self):
        pages = list(self.to.glob("usr/local/share/doc/postern/**/*.md"))
        self.assertGreater(len(pages), 1)
        for page in pages:
            for link in re.findall(r"\]\(((?:\.\./|docs/)?\w+\.md)",
                                   page.read_text()):
                # What one reads in the tree alone.
                if link not in ("CONTRIBUTING.md", "CHANGELOG.md"):
                    self.assertTrue((page.parent / link).is_file(),
                                    f"{page}: {link}")

    def test_uninstall_leaves_the_configuration_alone(self):
        self.assertLess(CONFIGURATION, self.files())
        mine = self.to / "etc/postern/postern.conf"
        mine.write_text("# mine\n")
        self.make("install")
        self.make("uninstall")
        self.assertEqual(self.files(), CONFIGURATION)
        self.assertEqual(mine.read_text(), "# mine\n")
        self.assertEqual(
            [path for path in self.to.rglob("postern") if path.is_dir()],
            [mine.parent])

    def test_uninstall_spares_what_somebody_else_put_there(self):
        note = self.to / "usr/local/share/postern/examples/plans/ours.conf"
        note.write_text("plan ours { }\n")
        self.make("uninstall")
        self.assertEqual(self.files(),
                         {*CONFIGURATION, str(note.relative_to(self.to))})
