# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Many sessions of one account at once, with random commands during holds.

Each is a Witness, which believes nothing that does not fit. In the end the
mailbox is the same for them as for a session without Postern, and Dovecot has
logged no error.
"""

import random
import re
import threading
import time

from postern_site.case import ALICE
from postern_site.site import PASSWORD
from postern_site.witness import Witness
from test_hold import TRUSTED, HoldTest

SECONDS = 15
KINDS = ("plain", "condstore", "qresync", "plain", "qresync", "qresync")
SEED = 20260101
# What Dovecot itself logs under such a load with maildir, where a message is
# renamed while another process reads the directory. Each of them is mended by
# Dovecot at once; the first two also come without any plugin. The third is a
# miscount of STATUS (SIZE): a message that one session finds missing while
# another expunges it is left out, and then taken off all the same.
MAILDIR_NOISE = [
    r"Broken sort-s indexes",
    r"Recent flags state corrupted",
    r"vsize-hdr has invalid message-count",
]

SEARCHES = (
    "SEARCH UNSEEN", "SEARCH DELETED", "SEARCH SUBJECT hello", "SEARCH NEW",
    "SEARCH OLD", "SEARCH UID 1:*", "SEARCH BODY Hello",
    "SEARCH RETURN (MIN MAX COUNT ALL) ALL", "UID SEARCH ALL",
    "SORT (REVERSE ARRIVAL SUBJECT) UTF-8 ALL",
)


class Player:
    """Does one random thing after the other with a Witness."""

    def __init__(self, witness, number):
        self.witness = witness
        self.random = random.Random(SEED + number)
        self.steps = 0

    def some(self):
        """A random range of message numbers."""
        count = len(self.witness.uids)
        first = self.random.randint(1, count)
        return f"{first}:{min(count, first + self.random.randint(0, 3))}"

    def step(self):
        self.steps += 1
        if not self.witness.selected:
            self.witness.select(
                self.random.choice(("SELECT", "SELECT", "EXAMINE")))
            return
        choices = ["look"] * 4 + ["search"] * 3 + ["change"] * 4 + [
            "status", "append", "idle", "reselect", "leave"]
        getattr(self, self.random.choice(choices))()
        if self.witness.selected and self.random.random() < 0.8:
            self.witness.learn()

    def look(self):
        what = self.random.choice(("NOOP", "CHECK", "count", "fetch", "star"))
        if what == "count":
            self.witness.count()
        elif what == "star":
            self.witness.command("UID FETCH * (FLAGS)")
        elif what == "fetch" and self.witness.uids:
            self.witness.command(
                f"FETCH {self.some()} (UID ENVELOPE BODY.PEEK[])")
        elif what.isupper():
            self.witness.command(what)

    def search(self):
        self.witness.command(self.random.choice(SEARCHES))

    def status(self):
        answer = self.witness.command(self.random.choice((
            "STATUS INBOX (MESSAGES UIDNEXT UNSEEN RECENT)",
            "STATUS INBOX (HIGHESTMODSEQ SIZE)",
            'LIST "" "*" RETURN (STATUS (MESSAGES UIDNEXT))',
        )))
        for found in answer.find(r"STATUS INBOX .*UIDNEXT (\d+)"):
            self.witness.seen(int(found.group(1)) - 1)

    def change(self):
        if not self.witness.uids:
            return
        some = self.some()
        self.witness.command(self.random.choice((
            rf"STORE {some} +FLAGS (\Seen)",
            rf"STORE {some} -FLAGS.SILENT (\Seen)",
            rf"STORE {some} FLAGS (\Flagged $Own)",
            rf"STORE {some} +FLAGS (\Deleted)",
            "EXPUNGE",
            f"COPY {some} Other",
            f"COPY {some} INBOX",
            f"MOVE {some} Other",
        )))

    def append(self):
        self.witness.append(
            "Subject: mine\r\n\r\nMine.\r\n",
            self.random.choice(("", r"\Seen", r"\Deleted")))

    def idle(self):
        self.witness.idle(self.random.random() / 2)

    def reselect(self):
        self.witness.command(self.random.choice(("UNSELECT", "CLOSE")))
        self.witness.selected = False

    def leave(self):
        self.witness.leave(self.random.random() < 0.5)


class Load(HoldTest):
    def play(self, connect, kind, seen, number):
        try:
            player = Player(Witness(connect, kind, seen), number)
            while time.monotonic() < self.end and not self.failures:
                player.step()
            self.steps += player.steps
        except Exception as error:  # of a thread: the test tells it
            self.failures.append(f"{type(error).__name__}: {error}")

    def mailbox(self, **login):
        """UIDs with flags and size, and what STATUS says."""
        client = self.imap(ALICE, login.pop("password"), **login)
        client.select()
        lines = client.ok("UID FETCH 1:* (FLAGS RFC822.SIZE)").lines
        # \Recent belongs to the first session that was told.
        return (
            [re.sub(r"\\Recent ?", "", x).replace(" )", ")") for x in lines],
            client.status(items="MESSAGES UIDNEXT UNSEEN"),
        )

    def run_load(self, mail_format):
        self.FORMAT = mail_format
        self.begin(check="2s", count=4,
                   extra="log_debug = event=postern_hold\n")
        if mail_format == "maildir":
            self.expected_errors += MAILDIR_NOISE
        self.webmail().ok("CREATE Other")
        self.failures, self.steps = [], 0
        self.end = time.monotonic() + SECONDS

        def program():
            return self.imap(ALICE, self.password)

        def web():
            return self.imap(ALICE, PASSWORD, source=TRUSTED)

        threads = [
            threading.Thread(target=self.play,
                             args=(program, kind, None, number))
            for number, kind in enumerate(KINDS)
        ]
        threads.append(threading.Thread(
            target=self.play, args=(web, "plain", None, len(KINDS))))
        for thread in threads:
            thread.start()
        dice = random.Random(SEED)
        while time.monotonic() < self.end and not self.failures:
            time.sleep(dice.random() / 2)
            self.deliver(dice.randint(1, 3))
        for thread in threads:
            thread.join(30)
        self.assertEqual(self.failures, [], "\n".join(self.failures))
        self.assertGreater(self.steps, 200)
        holds = self.dovecot.lines(r"shown, [1-9]\d* hidden until")
        self.assertGreater(len(holds), 20, "nothing was ever hidden")
        time.sleep(2.2)
        self.assertEqual(
            self.mailbox(password=self.password),
            self.mailbox(password=PASSWORD, source=TRUSTED),
        )

    def test_maildir_stays_one_and_the_same_mailbox(self):
        self.run_load("maildir")

    def test_sdbox_stays_one_and_the_same_mailbox(self):
        self.run_load("sdbox")

    def test_mdbox_stays_one_and_the_same_mailbox(self):
        self.run_load("mdbox")
