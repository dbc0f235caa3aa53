# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Who lies, floods or dawdles on the session socket; the socket itself."""

import time

from postern_site.case import ALICE, BOB
from postern_site.patience import PATIENCE, Watch
from postern_site.policy import Closed
from postern_site.session_case import PLAN, SessionTest
from postern_site.sessions import Session, request


class Strangers(SessionTest):
    def refused(self, reason, **fields):
        session = self.connect()
        session.write(request("open", **fields))
        reply = session.answer()
        self.assertEqual(
            (reply["action"], reply["reason"]), ("close", reason), fields
        )
        self.assertTrue(session.is_closed())

    def test_a_token_that_is_not_its_own_is_refused(self):
        self.start()
        mine = self.token()
        wrong = ("A" if mine[20] != "A" else "B")
        cases = {
            "another login": dict(login=BOB, token=mine, service="imap"),
            "another service": dict(login=ALICE, token=mine, service="pop3"),
            "a changed byte": dict(login=ALICE, service="imap",
                                   token=mine[:20] + wrong + mine[21:]),
            "cut": dict(login=ALICE, token=mine[:-1], service="imap"),
            "empty": dict(login=ALICE, token="", service="imap"),
            "for SMTP": dict(login=ALICE, service="imap",
                             token=self.token(protocol="smtp")),
        }
        for name, fields in cases.items():
            with self.subTest(name=name):
                self.refused("password", **fields)
        self.refused("login-invalid", login="", token=mine, service="imap")
        self.assertNotIn(mine[:30], self.daemon.text())
        self.wait_count(0)

    def test_an_old_token_opens_nothing_when_access_has_ended(self):
        self.start()
        old = self.token()
        self.ctl("disable", ALICE)
        self.refused("access-off", login=ALICE, token=old, service="imap")
        self.ctl("enable", ALICE)
        # Access is on again, but the app password of that token has ended.
        session = self.connect()
        reply = session.open(old, ALICE)
        self.assertEqual(reply["action"], "close")
        line = self.daemon.wait_lines("session-refused", 2)[-1]
        self.assertEqual((line["login"], line["protocol"]), (ALICE, "imap"))

    def test_an_account_that_was_deleted_has_no_sessions(self):
        self.start()
        session = self.open()
        self.ctl("account", "delete", ALICE)
        news = session.news()
        self.assertEqual(news["action"], "close")
        self.refused(
            news["reason"], login=ALICE, token=self.token(), service="imap"
        )

    GARBAGE = {
        "nothing but an end": b"\n",
        "no event": b"request=postern_session\n\n",
        "an unknown event": request("explode"),
        "a policy request": b"request=smtpd_access_policy\n"
        b"protocol_state=RCPT\n\n",
        "check before open": request("check", uidvalidity=1, uidnext=1),
        "close before open": request("close"),
        "open without a token": request("open", login=ALICE, service="imap"),
        "an unknown service": request("open", login=ALICE, token="x",
                                      service="smtp"),
        "a login of 1 KiB": request("open", login="a" * 1024, token="x",
                                    service="imap"),
        "a NUL": request("open", login="a\0b", token="x", service="imap"),
        "a CR": request("open", login="a\rb", token="x", service="imap"),
        "binary": bytes(range(256)) * 16 + b"\n\n",
        "an endless line": b"x" * 100000,
        "endless lines": b"a=b\n" * 10000,
    }

    def test_garbage_closes_without_an_answer_and_harms_nobody(self):
        self.start()
        other = self.open()
        for name, data in self.GARBAGE.items():
            with self.subTest(name=name), Session(self.where) as session:
                try:
                    session.write(data)
                except OSError:
                    pass
                self.assertTrue(session.is_closed())
                self.assertFalse(session.pushed)
        self.assertEqual(other.check(3)["uidnext"], "3")

    BAD_EVENTS = {
        "open again": request("open", login=ALICE, token="x",
                              service="imap"),
        "UID 0": request("check", uidvalidity=1, uidnext=0),
        "a UID of 33 bits": request("check", uidvalidity=2**32, uidnext=1),
        "no UIDs": request("stored"),
        "negative bytes": request("traffic", down=-1, up=0),
        "half of the bytes": request("traffic", down=1),
    }

    def test_a_session_that_talks_nonsense_is_closed_and_counted_down(self):
        self.start()
        for name, data in self.BAD_EVENTS.items():
            with self.subTest(name=name):
                session = self.open()
                session.write(data)
                self.assertTrue(session.is_closed())
                self.assertFalse(session.pushed)
        self.wait_count(0)

    def test_logins_are_taken_as_dovecot_says_them(self):
        self.start()
        session = self.connect()
        reply = session.open(self.token(), "Alice@EXAMPLE.test")
        self.assertEqual(reply["action"], "ok")
        session = self.connect()
        self.assertEqual(session.open(self.token(), "alice")["action"], "ok")
        self.wait_count(2)

    def test_connections_that_open_nothing_are_closed_in_time(self):
        self.use_clock(ticks=True)
        self.start()
        opened = self.open()
        strangers = self.connect(timeout=0.3), self.connect(timeout=0.3)
        strangers[1].write(b"request=postern_")
        self.clock.advance(5)
        # A word of somebody else has it look at its clock.
        self.assertEqual(opened.traffic(1, 1), {"action": "ok"})
        for session in strangers:
            self.assertFalse(session.is_closed())
            session.link.settimeout(PATIENCE)
        self.clock.advance(6)
        self.assertEqual(opened.traffic(1, 1), {"action": "ok"})
        for session in strangers:
            self.assertTrue(session.is_closed())
        self.assertEqual(opened.traffic(1, 1), {"action": "ok"})

    def test_too_many_of_them_push_out_one_another_not_sessions(self):
        self.start()
        opened = [self.open() for _ in range(3)]
        crowd = [self.connect() for _ in range(1100)]
        self.assertTrue(crowd[0].is_closed())
        with self.assertRaises(TimeoutError):
            crowd[-1].link.settimeout(0.3)
            crowd[-1].answer()
        for session in opened:
            self.assertEqual(session.traffic(1, 1), {"action": "ok"})
        self.open()
        self.assertEqual(self.policy().send_message(), "DUNNO")

    def test_beyond_max_sessions_one_more_goes_on_uncounted(self):
        self.start(max_sessions=2)
        held = [self.open(), self.open(login=BOB)]
        third = self.connect()
        with self.assertRaises(Closed):
            third.open(self.token(), ALICE)
        self.daemon.wait_lines("session-limit")
        held[1].close()
        self.wait_count(0, BOB)
        self.open()

    def test_a_flood_of_requests_is_made_to_wait(self):
        self.start()
        flood, calm = self.open(), self.open(login=BOB)
        data = request("check", uidvalidity=1, uidnext=5)
        watch = Watch()
        flood.write(data * 200)
        # Who is calm need not wait.
        self.assertEqual(calm.check(1)["action"], "hold")
        self.assertLess(watch.took(), 0.5)
        for _ in range(200):
            self.assertEqual(flood.answer()["action"], "hold")
        # A hundred at once, the rest at fifty a second.
        self.assertGreater(time.monotonic() - watch.begun, 1.5)
        self.assertLess(watch.took(), 6)
        self.daemon.wait_lines("client-paused")

    def test_a_flood_without_reading_is_not_kept_in_memory(self):
        self.start()
        flood = self.open()
        before = self.daemon.memory()
        flood.link.settimeout(1.0)
        data = request("check", uidvalidity=1, uidnext=5) * 100
        try:
            for _ in range(2000):
                flood.write(data)
        except TimeoutError:
            pass
        self.assertLess(self.daemon.memory() - before, 4 << 20)
        self.assertEqual(self.policy().send_message(), "DUNNO")

    def test_a_flood_does_not_hold_up_the_stop(self):
        self.start()
        data = request("check", uidvalidity=1, uidnext=5) * 150
        for _ in range(6):
            crowd = [self.open() for _ in range(8)]
            for flood in crowd:
                flood.write(data)
            # Each has been made to wait, and is served now and then.
            for flood in crowd:
                for _ in range(110):
                    flood.answer()
            watch = Watch()
            self.assertEqual(self.daemon.stop(), 0)
            self.assertLess(watch.took(), 3)
            self.daemon.start()

    def test_a_session_that_never_reads_holds_up_nobody(self):
        self.start()
        deaf, one = self.open(), self.open()
        before = self.daemon.memory()
        one.check(1)
        for uid in range(2, 400):
            self.assertEqual(one.stored(uid)["uidnext"], str(uid))
        self.assertLess(self.daemon.memory() - before, 4 << 20)
        self.ctl("disable", ALICE)
        self.expect_end(one, "access-off")
        self.wait_count(0)
        self.assertTrue(deaf.is_closed())
        views = [x for x in deaf.pushed if x["action"] == "hold"]
        self.assertGreater(len(views), 50)


class Sockets(SessionTest):
    def test_an_empty_list_switches_it_off(self):
        self.start(session_listen=[])
        self.assertFalse(self.where.exists())
        self.assertEqual(self.policy().send_message(), "DUNNO")

    def test_a_directory_that_is_missing_stops_an_explicit_address(self):
        self.write_conf(
            PLAN, session_listen=f"unix:{self.dir}/none/session.sock"
        )
        self.init()
        child = self.make_daemon().launch()
        self.assertEqual(child.wait(), 78)
        self.assertIn("none/session.sock", self.daemon.text())

    def test_a_directory_that_is_closed_to_users_is_told(self):
        (self.dir / "run").chmod(0o700)
        self.start()
        line = self.daemon.wait_lines("session-socket-closed")[0]
        self.assertEqual(line["path"], str(self.dir / "run"))

    def test_a_reload_moves_the_socket_and_keeps_the_sessions(self):
        self.start()
        session = self.open()
        self.write_conf(
            PLAN, session_listen=f"unix:{self.dir}/run/other.sock"
        )
        self.daemon.reload()
        self.daemon.wait_lines("reloaded")
        self.assertFalse(self.where.exists())
        self.assertEqual(session.traffic(1, 1), {"action": "ok"})
        self.where = self.dir / "run" / "other.sock"
        self.open()
        self.write_conf(PLAN, session_listen="unix:/nowhere/at/all.sock")
        self.daemon.reload()
        self.daemon.wait_lines("reload-failed")
        self.open()
