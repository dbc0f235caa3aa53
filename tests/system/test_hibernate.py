# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Hibernation of IMAP sessions that are held, ended, or left alone."""

import time

from postern_site import children
from postern_site.case import ALICE
from test_session_end import EndTest


class Hibernation(EndTest):
    """Dovecot's imap-hibernate keeps idle sessions without a process."""

    SETTINGS = """\
imap_hibernate_timeout = 1s
service imap-hibernate {
  unix_listener imap-hibernate {
    mode = 0666
  }
}
service imap {
  unix_listener imap-master {
    mode = 0666
  }
}
"""

    def begin(self, free=None):
        super().begin(free, extra=self.SETTINGS)

    def wait_hibernated(self):
        children.wait_for(
            lambda: self.dovecot.processes("imap") == [], "hibernation")

    def test_a_session_hibernates_and_comes_back(self):
        self.begin()
        client = self.idling()
        self.wait_hibernated()
        self.dovecot.deliver(ALICE)
        client.wait_line("1 EXISTS")
        self.wait_hibernated()
        client.done()
        self.assertEqual(client.search(), [1])

    def test_a_session_that_hides_mail_stays_awake_until_it_is_shown(self):
        self.begin({"mail_check": "6s", "imap_check": "hold"})
        begun = time.monotonic()
        client = self.idling()
        self.wait_hibernated()
        self.dovecot.deliver(ALICE)
        told = client.quiet(2.0)
        awake = self.dovecot.processes("imap")
        # Stamps are whole seconds; on a slow machine it may be shown by now.
        if time.monotonic() - begun < 5:
            self.assertFalse([x for x in told if "EXISTS" in x], told)
            self.assertEqual(len(awake), 1)
        if "1 EXISTS" not in told:
            client.wait_line("1 EXISTS")
        self.assertGreater(time.monotonic() - begun, 4.9)
        self.wait_hibernated()
        client.done()
        self.assertEqual(client.search(), [1])

    def test_a_blocked_session_is_told_when_it_wakes(self):
        self.begin()
        client = self.idling()
        self.wait_hibernated()
        self.ctl("block", ALICE, "--reason", "admin")
        self.dovecot.deliver(ALICE)
        client.wait_line(r"BYE \[CONTACTADMIN\]")

    def test_what_was_shown_without_policyd_is_shown_after_it(self):
        self.begin({"mail_check": "1h", "imap_check": "hold"})
        self.dovecot.deliver(ALICE)
        client = self.imap(ALICE, self.password)
        client.select()
        self.daemon.kill()
        self.dovecot.deliver(ALICE)
        client.ok("NOOP")
        client.idle()
        self.wait_hibernated()
        self.start_daemon()
        self.dovecot.deliver(ALICE)
        client.quiet(0.5)
        client.done()
        self.assertEqual(client.search(), [1, 2])
