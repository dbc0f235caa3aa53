# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The demo's transcript, and that it leaves nothing behind."""

import re
import subprocess
import sys
import unittest
from pathlib import Path

from postern_site import case, site

HERE = Path(__file__).resolve().parent


class Demo(unittest.TestCase):
    def setUp(self):
        try:
            site.check_machine()
        except site.Missing as missing:
            self.skipTest(str(missing))

    def run_demo(self, build):
        return subprocess.run(
            [sys.executable, HERE / "demo.py", build],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_the_transcript_shows_what_postern_does(self):
        before = set(case.BUILD.iterdir())
        done = self.run_demo(case.BUILD)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(
            done.stdout,
            r"S: 450 4\.7\.28 .*: Sending limit reached: 5 messages in "
            r"1 minute; try again after .*\d\d:\d\d:\d\d UTC\n",
        )
        self.assertEqual(len(re.findall(r"S: 250 .* queued", done.stdout)), 5)
        for words in ("S: 235 ", "# posternctl quota", "# posternctl doctor"):
            self.assertIn(words, done.stdout)
        self.assertNotRegex(done.stdout, r"(?m)^ +(note|problem) ")
        self.assertEqual(set(case.BUILD.iterdir()), before)

    def test_without_the_programs_it_says_what_to_do(self):
        done = self.run_demo("/nonexistent")
        self.assertEqual(done.returncode, 69)
        self.assertIn("make", done.stderr)
