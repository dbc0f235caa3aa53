# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Open IMAP and POP3 sessions end within a second when access ends."""

import socket

from postern_site import children
from postern_site.case import ALICE, BOB, DovecotTest
from postern_site.imap import Closed
from postern_site.patience import PATIENCE, SOON, Watch
from postern_site.site import PASSWORD

TRUSTED = "127.0.0.9"
REPORT_SECONDS = 30
FREE = {
    "protocols": ["imap", "pop3"],
    "messages": [],
    "logins": [],
    "mail_check": "unlimited",
    "activation_delay": "unlimited",
}
BIG = "Subject: big\n\n" + ("y" * 70 + "\n") * 60000


class EndTest(DovecotTest):
    def begin(self, free=None, **dovecot):
        self.start_mail({**FREE, **(free or {})}, dovecot=dovecot)
        self.password = self.enable()

    def idling(self, password=None):
        client = self.imap(ALICE, password or self.password)
        client.select()
        client.idle()
        return client

    def expect_bye(self, client, code, watch):
        line = client.wait_line("BYE")
        self.assertLess(watch.took(), SOON)
        self.assertRegex(line, rf"^BYE \[{code}\] \S")
        with self.assertRaises(Closed):
            client.read_line()

    @staticmethod
    def wait_begun(link):
        """Until the answer begins to come; nothing is taken of it."""
        link.settimeout(PATIENCE)
        link.recv(1, socket.MSG_PEEK)

    def wait_given_up(self, name):
        """Until the process has ended, although nobody reads."""
        children.wait_for(
            lambda: self.dovecot.processes(name) == [], f"end of {name}")

    def all_that_comes(self, link):
        """Bytes until the server has closed."""
        link.settimeout(PATIENCE)
        found = b""
        while True:
            try:
                data = link.recv(65536)
            except ConnectionResetError:
                return found
            if not data:
                return found
            found += data


class Ends(EndTest):
    def test_block_ends_sessions_of_every_kind(self):
        self.begin()
        idle = self.idling()
        waiting = self.imap(ALICE, self.password)
        pop3 = self.pop3(ALICE, self.password)
        web = self.imap(ALICE, PASSWORD, source=TRUSTED)
        other = self.imap(BOB, self.enable(BOB))
        self.ctl("block", ALICE, "--reason", "admin")
        watch = Watch()
        self.expect_bye(idle, "CONTACTADMIN", watch)
        self.expect_bye(waiting, "CONTACTADMIN", watch)
        lines = pop3.wait_closed()
        self.assertRegex(lines[0], r"^-ERR \[SYS/PERM\] \S")
        self.assertLess(watch.took(), 1.2)
        web.ok("NOOP")
        other.ok("NOOP")
        children.wait_for(
            lambda: len(self.dovecot.lines(
                "postern: ending the imap session: ")) == 2, "word of both")

    def test_switching_off_ends_idle(self):
        self.begin()
        idle = self.idling()
        self.ctl("disable", ALICE)
        self.expect_bye(idle, "AUTHORIZATIONFAILED", Watch())

    def test_revoking_one_app_password_ends_its_sessions_only(self):
        self.begin()
        rows = self.ctl_json("password", "create", ALICE)
        first, second = self.idling(), self.idling(rows[0]["password"])
        self.ctl("password", "revoke", ALICE, str(rows[0]["id"]))
        self.expect_bye(second, r"[A-Z]+", Watch())
        told = first.quiet(0.5)
        self.assertFalse([x for x in told if x.startswith("BYE")], told)
        first.done()

    def test_a_full_traffic_window_ends_the_session(self):
        self.begin({"download": ["10K/1d"]})
        self.dovecot.deliver(ALICE, BIG)
        client = self.imap(ALICE, self.password)
        client.select()
        client.ok("FETCH 1 BODY.PEEK[]<0.20000>")
        # The session reports after half a minute. No clock can be moved here:
        # Dovecot sees that, and may put its timers off.
        client.wait_line("BYE \\[LIMIT\\]", REPORT_SECONDS + PATIENCE)

    def test_what_pop3_transferred_counts_when_it_has_ended(self):
        self.begin({"download": ["4M/1d"]})
        self.dovecot.deliver(ALICE, BIG)
        client = self.pop3(ALICE, self.password)
        client.retrieve(1)
        client.quit()
        refused = children.wait_for(self.refused_pop3, "refusal")
        self.assertEqual(refused.code, "SYS/TEMP")

    def refused_pop3(self):
        """The reply that refuses a login, or None."""
        client = self.pop3()
        reply = client.login(ALICE, self.password)
        client.close()
        return None if reply.ok else reply

    def test_in_the_middle_of_a_long_fetch(self):
        """No word of ours gets into the message, and the log stays clean."""
        self.begin()
        self.dovecot.deliver(ALICE, BIG)
        client = self.imap(ALICE, self.password)
        client.link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.select()
        client.send("FETCH 1:* BODY.PEEK[]")
        self.wait_begun(client.link)
        self.ctl("block", ALICE, "--reason", "admin")
        self.wait_given_up("imap")
        self.assertFalse(b"BYE" in self.all_that_comes(client.link))

    def test_in_the_middle_of_a_long_retr(self):
        self.begin()
        self.dovecot.deliver(ALICE, BIG)
        client = self.pop3(ALICE, self.password)
        client.link.sendall(b"RETR 1\r\n")
        self.wait_begun(client.link)
        self.ctl("block", ALICE, "--reason", "admin")
        self.wait_given_up("pop3")
        self.assertFalse(b"-ERR" in self.all_that_comes(client.link))

    def test_while_commands_are_under_way(self):
        self.begin()
        self.dovecot.deliver(ALICE, count=3)
        client = self.imap(ALICE, self.password)
        client.select()
        tags = [client.send("UID SEARCH ALL") for _ in range(200)]
        self.ctl("block", ALICE, "--reason", "admin")
        text = self.all_that_comes(client.link).decode()
        self.assertIn("* BYE [CONTACTADMIN]", text)
        self.assertIn(f"{tags[0]} OK", text)

    def test_deletions_of_a_pop3_session_that_ends_are_undone(self):
        self.begin()
        self.dovecot.deliver(ALICE, count=2)
        client = self.pop3(ALICE, self.password)
        client.command("DELE 1")
        self.ctl("block", ALICE, "--reason", "admin")
        client.wait_closed()
        web = self.imap(ALICE, PASSWORD, source=TRUSTED)
        self.assertEqual(web.exists(), 2)
