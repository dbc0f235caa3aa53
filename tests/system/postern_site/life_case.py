# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Base class of the tests that walk from a cause to a notice and back."""

import random
import string
import time

from . import children, site
from .case import ALICE
from .imap import Closed
from .keeper_case import HELP, LifeTest
from .milter_case import message

FREE = {
    "protocols": ["imap", "pop3", "smtp"],
    "messages": ["100/1h"],
    "mail_check": "unlimited",
    "activation_delay": "unlimited",
    "block_after_refusals": "50/1h",
}
TRUSTED = "127.0.0.9"
DAY = 86400
# The codes of IMAP and POP3.
OWNER_MENDS = ("AUTHORIZATIONFAILED", "SYS/PERM")
PROVIDER_MENDS = ("CONTACTADMIN", "SYS/PERM")


def wrong_secret():
    return "".join(random.choices(string.ascii_lowercase, k=24))


class BlockTest(LifeTest):
    """What is the same for every reason."""

    def begin(self, free=None, milter=False, **settings):
        self.start_life({**FREE, **(free or {})}, milter, **settings)
        self.password = self.enable()
        self.open_sessions()

    def open_sessions(self):
        self.idle = self.imap(ALICE, self.password)
        self.idle.select()
        self.idle.idle()
        self.session = self.pop3(ALICE, self.password)
        self.web = self.imap(ALICE, site.PASSWORD, source=TRUSTED)

    def assert_ended(self, codes, text):
        """Open sessions were told why; webmail goes on."""
        line = self.idle.wait_line("BYE")
        self.assertRegex(line, rf"^BYE \[{codes[0]}\] .*({text})")
        with self.assertRaises(Closed):
            self.idle.read_line()
        lines = self.session.wait_closed()
        self.assertRegex(lines[0], rf"^-ERR \[{codes[1]}\] .*({text})")
        self.web.ok("NOOP")

    def assert_refused(self, codes, text, password=None):
        """An app password that ended, by each protocol."""
        password = password or self.password
        answer = self.imap().login(ALICE, password)
        self.assertEqual((answer.status, answer.code), ("NO", codes[0]))
        self.assertRegex(answer.text, text)
        reply = self.pop3().login(ALICE, password)
        self.assertEqual((reply.ok, reply.code), (False, codes[1]))
        self.assertRegex(reply.text, text)
        reply = self.smtp().auth(ALICE, password)
        self.assertEqual(reply.code, 535)
        self.assertRegex(reply.text, text)

    def assert_recorded(self, reason):
        children.wait_for(lambda: self.history(what="block"), "block")
        (entry,) = self.history(what="block")
        self.assertIn(f"reason={reason}", entry["detail"])
        self.assertEqual(self.account()["block"], reason)
        for row in self.ctl_json("password", "list", ALICE, "--all"):
            self.assertEqual((row["ending"], row["block"]),
                             ("blocked", reason))

    def assert_told(self, reason, *words):
        """The notice in the mailbox, with WORDS; returns it."""
        notice = self.mailboxes.wait(ALICE, f"blocked-{reason}")
        self.assertIn(ALICE, notice.text)
        self.assertIn(HELP, notice.text)
        self.assertIn("Example Mail", notice.text)
        self.assertEqual(notice.language, "en")
        since = self.account()["blocked"]
        self.assertIn(since[:16].replace("T", " ") + " UTC", notice.text)
        for word in words:
            self.assertIn(word, notice.text)
        # It leaves the outbox a moment after the mail was taken.
        children.wait_for(lambda: self.outbox() == [], "empty outbox")
        return notice

    def assert_blocked(self, reason, text, *words, codes=OWNER_MENDS):
        """Sessions, app password, history, notice."""
        self.assert_ended(codes, text)
        self.assert_refused(codes, text)
        self.assert_recorded(reason)
        return self.assert_told(reason, *words)

    def assert_enable_refused(self, text):
        result = self.posternctl().run("enable", ALICE)
        self.assertNotEqual(result.code, 0)
        self.assertEqual(result.out, "")
        self.assertRegex(result.err, text)

    def come_back(self, enabled=2):
        """A new app password works, the old one never again."""
        old, self.password = self.password, self.enable()
        self.assertNotEqual(old, self.password)
        self.imap(ALICE, self.password).close()
        client = self.smtp(ALICE, self.password)
        answer = self.imap().login(ALICE, old)
        self.assertEqual(answer.status, "NO")
        self.assertIn("ended", answer.text)
        self.assertEqual(self.account()["block"], None)
        self.mailboxes.wait(ALICE, "enabled", enabled)
        return client

    def assert_free(self):
        """What led to the last block does not count any more."""
        time.sleep(0.7)
        self.assertEqual(self.account()["block"], None)

    def send(self, client, *recipients, **fields):
        return client.send(ALICE, *(recipients or ["x@remote.test"]),
                           text=message(ALICE, **fields))
