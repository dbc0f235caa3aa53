# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Blocks that Dovecot's auth process decided: policyd completes them."""

import time

from postern_site import children
from postern_site.case import ALICE, BOB
from postern_site.patience import SOON, Watch
from postern_site.session_case import PLAN, SessionTest

CRACKED, CONNECTIONS = 2, 3


class Pending(SessionTest):
    def blocked(self, login):
        """What the history tells of blocks."""
        rows = self.ctl_json("history", login)
        return [row for row in rows if row["what"] == "block"]

    def wait_blocked(self, login):
        return children.wait_for(
            lambda: self.blocked(login), f"block of {login}")[0]

    def test_idle_sessions_end_within_a_second(self):
        self.start()
        session, pop3 = self.open(), self.open(service="pop3")
        asleep, bob = self.open(), self.open(login=BOB)
        asleep.ask("hibernate")
        self.tool("pending", ALICE, CRACKED)
        watch = Watch()
        self.expect_end(session, "blocked")
        self.expect_end(pop3, "blocked")
        self.assertLess(watch.took(), SOON)
        self.wait_count(0)
        self.assertEqual(bob.traffic(1, 1), {"action": "ok"})
        self.assertIn("cracked", str(self.ctl_json("account", "show", ALICE)))
        line = self.daemon.wait_lines("blocked")[0]
        self.assertEqual((line["login"], line["block"]), (ALICE, "cracked"))

    def test_login_without_a_session_is_completed_within_a_second(self):
        self.start()
        self.tool("pending", BOB, CRACKED)
        watch = Watch()
        row = self.wait_blocked(BOB)
        self.assertLess(watch.took(), SOON)
        self.assertEqual(row["who"], "postern")
        self.assertIn("reason=cracked", row["detail"])
        self.assertEqual(self.blocked(ALICE), [])

    def test_site_without_a_session_socket_is_no_exception(self):
        self.start(session_listen=[])
        self.tool("pending", ALICE, CRACKED)
        self.wait_blocked(ALICE)

    def test_what_was_pending_before_the_start_is_completed_after_it(self):
        self.start()
        self.daemon.stop()
        self.tool("pending", BOB, CONNECTIONS)
        self.start_daemon()
        self.assertIn("reason=connections", self.wait_blocked(BOB)["detail"])
        self.assertEqual(self.daemon.wait_lines("blocked")[0]["login"], BOB)

    def test_login_that_has_no_account_only_loses_its_mark(self):
        self.start()
        self.tool("pending", "nobody@example.test", CONNECTIONS)
        self.tool("pending", BOB, CRACKED)
        self.wait_blocked(BOB)
        time.sleep(0.5)
        lines = self.daemon.wait_lines("blocked")
        self.assertEqual([line["login"] for line in lines], [BOB])
        shown = self.posternctl().run("account", "show", "nobody@example.test")
        self.assertEqual(shown.code, 1, shown)


class Counters(SessionTest):
    def numbers(self):
        """The numbers of stats, by their name and reason."""
        self.daemon.stop()
        return {(row["name"], row["reason"]): row["count"]
                for row in self.ctl_json("stats")}

    def test_stats_tell_sessions_from_messages(self):
        self.start({**PLAN, "sessions": 2})
        session = self.open()
        token = self.token()
        self.open(token=token)
        # One that comes back is none that is new.
        self.open(token=token)
        refused = self.connect().open(self.token(), ALICE)
        self.assertEqual(refused["reason"], "sessions")
        session.check(5)
        session.check(5)
        session.check(9)
        self.open(login=BOB)
        self.tool("pending", BOB, CRACKED)
        self.daemon.wait_lines("session-end")
        numbers = self.numbers()
        for name, reason, count in (
            ("sessions_opened", None, 3), ("sessions_ended", None, 1),
            ("sessions_refused", "sessions", 1), ("mail_checks", None, 3),
            ("blocks", None, 1),
        ):
            self.assertEqual(numbers[name, reason], count, name)
        self.assertNotIn(("refused", "sessions"), numbers)
        self.assertNotIn(("refused", "blocked"), numbers)
        text = self.ctl("stats", "--openmetrics").out
        self.assertIn("\npostern_sessions_opened_total 3\n", text)
        self.assertIn(
            '\npostern_sessions_refused_total{reason="sessions"} 1\n', text)
