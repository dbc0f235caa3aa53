# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Mail programs that nobody here wrote: how they are run."""

import shutil
import subprocess

from . import case, site

HOLD = {"mail_check": "10m", "imap_check": "hold"}
HOLD_SECONDS = 600


def subject(number):
    return f"Subject: message {number}\n\nThis is number {number}.\n"


class ClientTest(case.DovecotTest):
    """Each program gets a home and configuration files of its own."""

    PROGRAM = None

    def setUp(self):
        if self.PROGRAM and shutil.which(self.PROGRAM) is None:
            self.skipTest(f"{self.PROGRAM} is not installed")
        super().setUp()
        self.home = self.dir / "home"
        self.home.mkdir()

    def write(self, name, text):
        """A file that only its owner may read, as such programs insist."""
        path = self.home / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def run_client(self, *argv, given=None):
        done = subprocess.run(
            [str(word) for word in argv],
            input=given or "",
            capture_output=True,
            text=True,
            errors="replace",
            timeout=90,
            cwd=self.home,
            env={
                "HOME": str(self.home),
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "LC_ALL": "C.UTF-8",
            },
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    def start_hold(self):
        """Programs live by the machine's clock, Dovecot by the test's."""
        self.use_clock()
        self.start_mail(HOLD)

    def end_hold(self):
        self.clock.advance(HOLD_SECONDS + 1)

    def deliver(self, *numbers):
        for number in numbers:
            self.dovecot.deliver(case.ALICE, subject(number))

    def webmail(self):
        """A session that nothing is held back from."""
        return self.imap(case.ALICE, site.PASSWORD, source="127.0.0.9")
