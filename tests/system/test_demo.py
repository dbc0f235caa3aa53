# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The demo's transcript, and that it leaves nothing behind."""

import contextlib
import re
import subprocess
import sys
import unittest
from pathlib import Path

from postern_site import case, mail, site

HERE = Path(__file__).resolve().parent


class Demo(unittest.TestCase):
    def setUp(self):
        try:
            mail.check_machine(case.BUILD)
            site.check_machine()
        except site.Missing as missing:
            self.skipTest(str(missing))

    def run_demo(self, build):
        return subprocess.run(
            [sys.executable, HERE / "demo.py", build],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=150,
        )

    def test_the_transcript_shows_what_postern_does(self):
        before = set(case.BUILD.iterdir())
        done = self.run_demo(case.BUILD)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for line in (
            r"IMAP S: a1 NO \[AUTHENTICATIONFAILED\] .*",
            r"WEB  S: a1 OK .*",
            r"app password  [a-z]{4}(-[a-z]{4}){5}",
            r"IMAP S: a1 OK .*",
            r"SMTP S: 235 .*",
            r"POP3 S: \+OK Logged in.*",
            r"POP3 S: -ERR \[LOGIN-DELAY\] .*",
            r"IMAP C: a4 IDLE",
            r"IMAP S: \* 2 EXISTS",
            r"SMTP S: 550 5\.7\.1 You may not send with From "
            r"<bob@example\.test>: it does not belong to your login",
            r"SMTP S: 450 4\.7\.28 .*: Sending limit reached: 5 messages in "
            r"1 minute; try again after .*\d\d:\d\d:\d\d UTC",
            r"IMAP S: \* BYE \[AUTHORIZATIONFAILED\] .*switched off.*",
            r"SMTP S: 550 .*switched off.*",
            r"Subject: Mail programs switched on for alice@example\.test",
            r"IMAP S: \* BYE \[AUTHORIZATIONFAILED\] .*beyond the sending "
            r"limit.*",
            r"SMTP S: 550 5\.7\.13 .*beyond the sending limit.*",
            r"Subject: Mail programs switched off for bob@example\.test",
            r"Messages refused within 1 hour: 4 \(limit: 3\)",
            r"IMAP S: a1 NO \[EXPIRED\] This app password ended .*",
            r"POP3 S: -ERR \[SYS/PERM\] .*switched off.*",
            r"IMAP S: \* BYE \[CONTACTADMIN\] .*abuse.*",
        ):
            self.assertRegex(done.stdout, rf"(?m)^[ .\d]+{line}$")
        self.assertEqual(len(re.findall(r"S: 250 .* queued", done.stdout)), 8)
        for words in ("enable", "password list", "explain", "quota", "top",
                      "sender add", "disable", "set", "block", "history",
                      "doctor"):
            self.assertIn(f"\n    # posternctl {words}", done.stdout)
        self.assertNotRegex(done.stdout, r"(?m)^ +(note|problem) ")
        self.assertEqual(set(case.BUILD.iterdir()), before)
        self.assert_nothing_runs(done.stdout)

    def assert_nothing_runs(self, transcript):
        """No process was told of the demo's directory."""
        place = re.search(r'state_dir = "(.*)/state"', transcript).group(1)
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                self.assertNotIn(place.encode(), file.read_bytes())

    def test_without_the_programs_it_says_what_to_do(self):
        done = self.run_demo("/nonexistent")
        self.assertEqual(done.returncode, 69)
        self.assertIn("make", done.stderr)
