# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""policyd's session socket, spoken to as the Dovecot plugin does."""

import time

from postern_site.case import ALICE, BOB
from postern_site.session_case import PLAN, SessionTest
from postern_site.sessions import request


class Life(SessionTest):
    def test_a_session_opens_and_its_connection_is_the_session(self):
        self.start()
        session = self.connect()
        reply = session.open(self.token(), ALICE)
        self.assertEqual(
            reply, {"action": "ok", "hold": "yes", "report": "600"}
        )
        self.wait_count(1)
        session.close()
        self.wait_count(0)

    def test_close_is_answered_and_ends_it(self):
        self.start()
        session = self.open()
        self.assertEqual(session.ask("close"), {"action": "ok"})
        self.assertTrue(session.is_closed())
        self.wait_count(0)

    def test_hibernation_keeps_it_counted_until_it_comes_back(self):
        self.start()
        token = self.token()
        session = self.open(token=token)
        self.assertEqual(session.ask("hibernate"), {"action": "ok"})
        self.assertTrue(session.is_closed())
        time.sleep(0.5)
        self.wait_count(1)
        again = self.open(token=token)
        self.wait_count(1)
        again.close()
        self.wait_count(0)

    def test_the_same_token_takes_the_place_of_its_former_connection(self):
        self.start()
        token = self.token()
        former = self.open(token=token)
        other = self.open()
        latter = self.open(token=token)
        self.assertTrue(former.is_closed())
        self.assertEqual(former.pushed, type(former.pushed)())
        self.wait_count(2)
        self.assertEqual(latter.traffic(1, 1), {"action": "ok"})
        self.assertEqual(other.traffic(1, 1), {"action": "ok"})

    def test_sessions_of_an_account_are_limited_over_all_protocols(self):
        self.start({"sessions": 3})
        held = [self.open(), self.open(), self.open(service="pop3")]
        session = self.connect()
        reply = session.open(self.token(), ALICE)
        self.assertEqual((reply["action"], reply["reason"]),
                         ("close", "sessions"))
        self.assertRegex(reply["reply"], r"^\[LIMIT\] ")
        self.assertTrue(session.is_closed())
        # The others, and those of others, are not touched.
        self.open(login=BOB)
        held.pop().close()
        self.wait_count(2)
        self.open()

    def test_daemon_that_is_killed_counts_anew_under_another_life(self):
        self.start()
        tokens = self.tokens(2)
        held = [self.open(token=token) for token in tokens]
        self.wait_count(2)
        life = self.tool("usage", ALICE)[0]
        self.daemon.kill()
        for session in held:
            self.assertTrue(session.is_closed())
        self.start_daemon()
        self.open(token=tokens[0])
        self.wait_count(1)
        self.assertNotEqual(self.tool("usage", ALICE)[0], life)

    def test_stop_closes_sessions_without_a_word(self):
        self.start()
        held = [self.open() for _ in range(3)]
        self.assertEqual(self.daemon.stop(), 0)
        for session in held:
            self.assertTrue(session.is_closed())
            self.assertFalse(session.pushed)

    def test_a_reload_keeps_sessions_and_tells_them_a_new_plan(self):
        self.start()
        session, pop3 = self.open(), self.open(service="pop3")
        self.daemon.reload()
        self.daemon.wait_lines("reloaded")
        self.assertEqual(session.check(5)["action"], "hold")
        self.write_conf({**PLAN, "imap_check": "off"})
        self.daemon.reload()
        # It is to open again, and learns then that nothing is held.
        self.assertTrue(session.is_closed())
        again = self.connect()
        reply = again.open(self.token(), ALICE)
        self.assertEqual(reply["hold"], "no")
        self.assertEqual(again.check(9), {"action": "ok"})
        self.assertEqual(pop3.traffic(1, 1), {"action": "ok"})

    def test_observe_mode_holds_nothing_and_only_notes_limits(self):
        self.start({"sessions": 1, "download": ["1K/1d"]}, mode="observe")
        first, second = self.open(), self.open()
        self.assertEqual(first.check(5), {"action": "ok"})
        self.assertEqual(second.traffic(5000, 0), {"action": "ok"})
        would = [x["would"] for x in self.daemon.wait_lines(
            "session-observed", 2)]
        self.assertEqual(would, ["sessions", "traffic"])
        self.ctl("disable", ALICE)
        self.expect_end(first, "access-off")


class Holds(SessionTest):
    def test_a_check_opens_the_view_and_the_next_ones_see_the_same(self):
        self.start()
        session = self.open()
        reply = session.check(10)
        self.assertEqual(reply["action"], "hold")
        self.assertEqual(
            (reply["uidvalidity"], reply["uidnext"]), ("1", "10")
        )
        self.assertGreater(int(reply["due"]), 290)
        self.assertEqual(session.check(15)["uidnext"], "10")
        self.assertEqual(self.open().check(16)["uidnext"], "10")
        self.assertEqual(self.open(login=BOB).check(3)["uidnext"], "3")

    def test_what_moves_the_view_is_told_to_the_other_sessions(self):
        self.start({"mail_check": "2s"})
        one, two, bob = self.open(), self.open(), self.open(login=BOB)
        pop3 = self.open(service="pop3")
        self.assertEqual(one.check(10)["uidnext"], "10")
        self.assertEqual(two.news()["uidnext"], "10")
        self.assertEqual(two.stored(12)["uidnext"], "12")
        news = one.news()
        self.assertEqual((news["action"], news["uidnext"]), ("hold", "12"))
        time.sleep(2.2)
        self.assertEqual(one.check(20)["uidnext"], "20")
        self.assertEqual(two.news()["uidnext"], "20")
        for other in (bob, pop3):
            self.assertEqual(other.traffic(0, 0), {"action": "ok"})
            self.assertFalse(other.pushed)

    def test_another_uidvalidity_opens_the_view(self):
        self.start()
        session = self.open()
        session.check(10, 1)
        reply = session.check(3, 2)
        self.assertEqual(
            (reply["uidvalidity"], reply["uidnext"]), ("2", "3")
        )

    def test_the_view_survives_a_kill_of_the_daemon(self):
        self.start()
        token = self.token()
        self.open(token=token).check(10)
        self.daemon.kill()
        self.start_daemon()
        self.assertEqual(self.open(token=token).check(15)["uidnext"], "10")

    def test_a_clock_that_is_set_back_hides_no_mail_for_long(self):
        self.use_clock()
        self.start()
        session = self.open()
        session.check(10)
        self.clock.set(-86400)
        reply = session.check(11)
        self.assertLessEqual(int(reply["due"]), 300)
        self.clock.set(-86400 + 400)
        self.assertEqual(session.check(12)["uidnext"], "12")
        self.clock.set(30 * 86400)
        self.assertEqual(session.check(13)["uidnext"], "13")


class Ends(SessionTest):
    def test_access_that_is_switched_off_ends_all_at_once(self):
        self.start()
        held = [self.open() for _ in range(5)]
        asleep = self.open()
        asleep.ask("hibernate")
        bob = self.open(login=BOB)
        self.ctl("disable", ALICE)
        for session in held:
            self.expect_end(session, "access-off")
        self.wait_count(0)
        self.assertEqual(bob.traffic(1, 1), {"action": "ok"})
        line = self.daemon.wait_lines("session-end")[0]
        self.assertEqual(line["login"], ALICE)
        self.assertEqual(line["session"], "abc+123")

    def test_a_block_ends_with_its_reason(self):
        self.start()
        session = self.open()
        pop3 = self.open(service="pop3")
        self.ctl("block", ALICE, "--reason", "abuse")
        self.expect_end(session, "blocked")
        self.expect_end(pop3, "blocked")

    def test_a_revoked_app_password_ends_its_sessions_only(self):
        self.start()
        self.ctl("password", "create", ALICE, "--label", "Phone")
        one, two = self.open(password=1), self.open(password=2)
        self.ctl("password", "revoke", ALICE, "2")
        self.expect_end(two, "password-revoked")
        self.assertEqual(one.traffic(1, 1), {"action": "ok"})

    def test_an_app_password_that_expires_ends_its_sessions(self):
        self.use_clock()
        self.start()
        self.ctl("password", "create", ALICE, "--label", "x",
                 "--expires", "+1h")
        one, two = self.open(password=1), self.open(password=2)
        self.clock.advance(3601)
        self.expect_end(two, "password-expired")
        self.assertEqual(one.traffic(1, 1), {"action": "ok"})

    def test_traffic_over_the_limit_ends_all_sessions_of_the_login(self):
        self.start({"download": ["10K/1d"]})
        one, two, bob = self.open(), self.open(), self.open(login=BOB)
        self.assertEqual(one.traffic(5000, 99), {"action": "ok"})
        reply = one.traffic(6000, 0)
        self.assertEqual((reply["action"], reply["reason"]),
                         ("close", "traffic"))
        self.expect_end(two, "traffic")
        self.assertEqual(bob.traffic(1, 1), {"action": "ok"})
        self.assertEqual(self.tool("usage", ALICE)[5:], ["11000", "99"])
        again = self.connect()
        self.assertEqual(again.open(self.token(), ALICE)["reason"], "traffic")

    def test_a_session_that_does_not_read_is_closed_all_the_same(self):
        self.start()
        session = self.open()
        for _ in range(50):
            session.write(request("traffic", down=1, up=1))
        self.ctl("disable", ALICE)
        self.wait_count(0)
        self.assertTrue(session.is_closed())
