# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Hold: between two mail checks INBOX shows nothing newer, in any command."""

import re
import signal
import time

from postern_site.case import ALICE, DovecotTest
from postern_site.patience import Watch
from postern_site.site import PASSWORD

TRUSTED = "127.0.0.9"
# Longer than any test, shorter than what ends a session that is idle.
LONG = "20m"
LONG_SECONDS = 1200
FREE = {
    "protocols": ["imap", "pop3"],
    "messages": [],
    "logins": [],
    "activation_delay": "unlimited",
    "imap_check": "hold",
}


class HoldTest(DovecotTest):
    FORMAT = "maildir"

    def begin(self, check=LONG, count=3, **dovecot):
        """COUNT messages, and the first mail check has not been made yet."""
        options = {"format": self.FORMAT, **dovecot}
        self.start_mail({**FREE, "mail_check": check}, dovecot=options)
        self.password = self.enable()
        self.deliver(count)

    def end_hold(self):
        """Of the clock that use_clock() gave us."""
        self.clock.advance(LONG_SECONDS + 1)

    def deliver(self, count=1, **options):
        self.dovecot.deliver(ALICE, count=count, **options)

    def session(self):
        return self.imap(ALICE, self.password)

    def selected(self):
        client = self.session()
        client.select()
        return client

    def webmail(self):
        """A session without Postern: it sees everything."""
        client = self.imap(ALICE, PASSWORD, source=TRUSTED)
        client.select()
        return client

    def uids(self, client):
        """By FETCH, in order."""
        answer = client.ok("UID FETCH 1:* (UID)")
        return [int(m.group(1)) for m in answer.find(r"\d+ FETCH \(UID (\d+)")]


class InAnyFormat:
    def test_newer_mail_is_in_no_answer(self):
        self.begin()
        client = self.selected()
        self.deliver(2)
        for command in (
            "NOOP", "CHECK", "UID FETCH 4:* (FLAGS)", "SEARCH ALL",
            "SEARCH RETURN (MAX COUNT) ALL", "SORT (ARRIVAL) UTF-8 ALL",
            "THREAD REFERENCES UTF-8 ALL", "FETCH * (UID)",
            'LIST "" INBOX RETURN (STATUS (MESSAGES UIDNEXT))',
            "SEARCH UID 4:5", "SEARCH NEW", "EXAMINE INBOX", "SELECT INBOX",
        ):
            with self.subTest(command):
                told = " ".join(client.ok(command).lines)
                self.assertNotRegex(told, r"\b[45] (EXISTS|FETCH|RECENT)")
                self.assertNotRegex(told, r"UID [45]\b|UIDNEXT [56]")
                self.assertNotRegex(told, r"(SEARCH|SORT|MAX|COUNT).* [45]\b")
                self.assertNotRegex(told, r"THREAD.*[45]")
        self.assertEqual(self.uids(client), [1, 2, 3])
        self.assertEqual(self.uids(self.webmail()), [1, 2, 3, 4, 5])

    def test_status_counts_what_is_visible(self):
        self.begin()
        client = self.selected()
        self.deliver(2)
        web = self.webmail()
        web.ok(r"UID STORE 4 +FLAGS (\Seen)")
        web.ok(r"UID STORE 1 +FLAGS (\Seen)")
        client.ok("NOOP")
        expected = {"MESSAGES": 3, "UIDNEXT": 4, "UNSEEN": 2}
        items = " ".join(expected)
        for other in (client, self.session()):
            self.assertEqual(other.status(items=items), expected)
        # The list of mailboxes, which all sessions share, knows the truth.
        self.assertEqual(
            self.imap(ALICE, PASSWORD, source=TRUSTED).status(items=items),
            {"MESSAGES": 5, "UIDNEXT": 6, "UNSEEN": 3},
        )

    def test_all_sessions_of_the_account_see_the_same(self):
        self.begin()
        first = self.selected()
        self.deliver()
        second = self.selected()
        self.assertEqual(self.uids(second), [1, 2, 3])
        self.assertEqual(self.session().status(items="MESSAGES"),
                         {"MESSAGES": 3})
        self.assertEqual(self.uids(first), [1, 2, 3])

    def test_shown_when_the_next_check_is_due(self):
        self.use_clock(ticks=True)
        self.begin()
        client = self.selected()
        self.deliver()
        self.assertEqual(client.ok("NOOP").lines, ())
        self.end_hold()
        self.assertEqual(client.ok("NOOP").number("EXISTS"), 4)
        self.deliver()
        self.assertEqual(client.ok("NOOP").lines, ())
        self.assertEqual(self.uids(client), [1, 2, 3, 4])

    def test_idle_announces_by_itself_when_due(self):
        self.begin(check="3s")
        start = time.monotonic()
        client = self.selected()
        client.idle()
        self.deliver()
        client.wait_line("4 EXISTS")
        # Stamps are whole seconds.
        self.assertGreater(time.monotonic() - start, 1.9)
        client.done()

    def test_what_one_session_opens_another_announces_in_idle(self):
        self.use_clock(ticks=True)
        self.begin()
        idle, other = self.selected(), self.selected()
        self.deliver()
        idle.idle()
        self.end_hold()
        other.ok("NOOP")
        idle.wait_line(r"4 EXISTS")
        idle.done()

    def test_own_mail_is_visible_at_once_with_what_came_before(self):
        self.begin()
        client, other = self.selected(), self.selected()
        self.deliver()
        answer = client.append()
        self.assertRegex(answer.code, r"APPENDUID \d+ 5")
        self.assertEqual(self.uids(client), [1, 2, 3, 4, 5])
        other.ok("NOOP")
        self.assertEqual(self.uids(other), [1, 2, 3, 4, 5])
        self.deliver()
        self.assertEqual(client.ok("NOOP").lines, ())
        client.ok("COPY 1 INBOX")
        self.assertEqual(self.uids(client), [1, 2, 3, 4, 5, 6, 7])

    def test_expunges_by_others_pass_through(self):
        self.begin()
        client = self.selected()
        self.deliver(3)
        web = self.webmail()
        web.ok(r"UID STORE 5,2 +FLAGS (\Deleted)")
        web.ok("UID EXPUNGE 5")
        self.assertEqual(client.ok("NOOP").find(r"\d+ EXPUNGE|\d+ EXISTS"),
                         [])
        web.ok("EXPUNGE")
        told = client.ok("NOOP").lines
        self.assertIn("2 EXPUNGE", told)
        self.assertFalse([x for x in told if "EXISTS" in x], told)
        self.assertEqual(self.uids(client), [1, 3])
        client.append()
        self.assertEqual(self.uids(client), [1, 3, 4, 6, 7])

    def test_hidden_flag_changes_are_not_told(self):
        self.begin()
        client = self.selected()
        self.deliver()
        web = self.webmail()
        web.ok(r"UID STORE 4,1 +FLAGS (\Flagged)")
        told = client.ok("NOOP").find(r"(\d+) FETCH")
        self.assertEqual([m.group(1) for m in told], ["1"])

    def test_own_changes_work_during_a_hold(self):
        self.begin()
        client = self.selected()
        client.ok("CREATE Archive")
        self.deliver(2)
        client.ok("MOVE 1 Archive")
        client.ok(r"STORE 1 +FLAGS.SILENT (\Deleted)")
        client.ok("EXPUNGE")
        self.assertEqual(self.uids(client), [3])
        web = self.webmail()
        self.assertEqual(self.uids(web), [3, 4, 5])
        self.assertEqual(client.status("Archive", "MESSAGES"),
                         {"MESSAGES": 1})

    def test_recent_counts_what_is_visible(self):
        self.begin()
        client = self.selected()
        self.deliver(2)
        answer = client.ok("NOOP")
        self.assertIsNone(answer.number("RECENT"))
        self.assertEqual(client.status(items="RECENT"), {"RECENT": 3})

    def test_other_mailboxes_are_not_held(self):
        self.begin()
        client = self.session()
        client.ok("CREATE Lists")
        client.select("Lists")
        self.webmail().append(mailbox="Lists")
        self.assertEqual(client.ok("NOOP").number("EXISTS"), 1)

    def test_a_client_that_condstore_serves_loses_nothing(self):
        self.use_clock(ticks=True)
        self.begin()
        client = self.session()
        client.ok("ENABLE CONDSTORE")
        client.select()
        self.deliver()
        self.webmail().ok(r"UID STORE 1 +FLAGS (\Flagged)")
        client.ok("NOOP")
        known = client.select().find(r"OK \[HIGHESTMODSEQ (\d+)\]")
        self.end_hold()
        client.ok("NOOP")
        told = client.ok(
            f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {known[0].group(1)})")
        self.assertIn("4", [m.group(1) for m in
                            told.find(r"\d+ FETCH \(UID (\d+)")])

    def test_a_client_that_qresync_serves_loses_nothing(self):
        self.use_clock(ticks=True)
        self.begin()
        client = self.session()
        client.ok("ENABLE QRESYNC")
        answer = client.select()
        validity = answer.find(r"OK \[UIDVALIDITY (\d+)\]")[0].group(1)
        self.deliver(2)
        web = self.webmail()
        web.ok(r"UID STORE 5,2 +FLAGS (\Deleted)")
        web.ok("EXPUNGE")
        self.assertIn("VANISHED 2", client.ok("NOOP").lines)
        again = client.select()
        known = again.find(r"OK \[HIGHESTMODSEQ (\d+)\]")[0].group(1)
        client.close()
        self.end_hold()
        client = self.session()
        client.ok("ENABLE QRESYNC")
        told = client.ok(f"SELECT INBOX (QRESYNC ({validity} {known}))")
        self.assertTrue(told.find(r"3 FETCH \(UID 4 "), told.lines)
        self.assertEqual(self.uids(client), [1, 3, 4])

    def test_notify_tells_of_visible_mail_only(self):
        self.begin()
        client = self.selected()
        client.ok("NOTIFY SET (selected (MessageNew MessageExpunge)) "
                  "(inboxes (MessageNew MessageExpunge))")
        self.deliver(2)
        told = client.quiet(1.5)
        self.assertFalse([x for x in told if re.search(r"\b[45]\b", x)], told)

    def test_the_metrics_of_dovecot_count_holds(self):
        self.begin(extra="log_debug = event=postern_hold\n")
        client = self.selected()
        self.deliver(2)
        client.ok("NOOP")
        self.dovecot.wait_line(r"postern: INBOX: 3 messages shown, 2 hidden")


class MaildirHold(InAnyFormat, HoldTest):
    FORMAT = "maildir"

    def test_a_check_in_idle_is_a_check_without_new_mail_too(self):
        self.begin(check="4s")
        start = time.monotonic()
        client = self.selected()
        client.idle()
        watch = Watch()
        time.sleep(5)
        # The look at 4 s has shown nothing; the next one is at 8 s.
        self.deliver()
        client.wait_line("4 EXISTS")
        self.assertGreater(time.monotonic() - start, 6.9)
        self.assertLess(watch.took(), 10.5)
        client.done()


class SdboxHold(InAnyFormat, HoldTest):
    FORMAT = "sdbox"


class MdboxHold(InAnyFormat, HoldTest):
    FORMAT = "mdbox"


class WithoutPolicyd(HoldTest):
    def test_a_stopped_policyd_costs_a_session_a_third_of_a_second_once(self):
        self.begin()
        client = self.selected()
        self.deliver()
        other = self.session()
        self.daemon.child.signal(signal.SIGSTOP)
        try:
            watch = Watch()
            other.select()
            self.assertLess(watch.took(), 0.9)
            watch = Watch()
            self.assertEqual(other.status(items="MESSAGES"), {"MESSAGES": 4})
            for _ in range(5):
                other.ok("NOOP")
            self.assertLess(watch.took(), 0.3)
        finally:
            self.daemon.child.signal(signal.SIGCONT)
        self.dovecot.wait_line("policyd is back")
        self.assertEqual(len(self.dovecot.lines("cannot speak with")), 1)
        self.assertEqual(client.status(items="MESSAGES"), {"MESSAGES": 3})

    def test_without_policyd_a_session_goes_on_and_finds_it_again(self):
        self.begin()
        self.daemon.kill()
        client = self.selected()
        self.deliver()
        self.assertEqual(client.ok("NOOP").number("EXISTS"), 4)
        self.dovecot.wait_line("cannot speak with policyd")
        self.start_daemon()
        self.dovecot.wait_line("policyd is back")
        client.ok("NOOP")
        self.deliver()
        self.assertEqual(client.ok("NOOP").lines, ())
        # What it has shown already, it shows.
        self.assertEqual(self.uids(client), [1, 2, 3, 4])

    def test_a_restart_of_policyd_keeps_the_hold_and_is_not_logged(self):
        self.begin()
        client = self.selected()
        self.deliver()
        self.daemon.stop()
        self.start_daemon()
        time.sleep(1.6)
        self.assertEqual(client.ok("NOOP").lines, ())
        self.assertEqual(self.dovecot.lines("cannot speak with"), [])

    def test_a_plan_without_hold_holds_nothing(self):
        self.start_mail({**FREE, "imap_check": "off"})
        self.password = self.enable()
        client = self.selected()
        self.deliver()
        self.assertEqual(client.ok("NOOP").number("EXISTS"), 1)
