# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Sending quotas as a mail program meets them behind a real Postfix."""

import threading
import time

from postern_site.case import ALICE, BOB, PostfixTest
from postern_site.times import told_time

LIMIT_A_MINUTE = (
    r"^450 4\.7\.28 <.*>: .* rejected: Sending limit reached: "
    r"5 messages in 1 minute; "
    r"try again after (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC$"
)


class Windows(PostfixTest):
    def test_sixth_message_in_a_minute_is_deferred_with_the_right_time(self):
        self.start()
        client = self.smtp()
        before = int(time.time())
        self.pass_mail(client, 1)
        after = int(time.time())
        self.pass_mail(client, 4)
        reply = client.send(ALICE, "x@remote.test")
        self.assertRegex(str(reply), LIMIT_A_MINUTE)
        told = told_time(reply.text)
        self.assertIn(told, range(before + 61, after + 62))

    def test_a_message_is_accepted_at_the_time_that_was_named(self):
        self.use_clock()
        self.start({"messages": ["2/10m"]})
        client = self.smtp()
        self.pass_mail(client, 2)
        reply = client.send(ALICE, "x@remote.test")
        self.assertIn("2 messages in 10 minutes; try again after", reply.text)
        told = told_time(reply.text, self.clock.now())
        self.clock.advance_to(told - 10)
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 450)
        self.clock.advance_to(told)
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 250)

    def test_of_two_windows_the_longer_one_holds_when_it_is_full(self):
        self.use_clock()
        self.start({"messages": ["2/2m", "4/1h"]})
        client = self.smtp()
        before = self.clock.now()
        self.pass_mail(client, 1)
        after = self.clock.now()
        self.pass_mail(client, 1)
        reply = client.send(ALICE, "x@remote.test")
        self.assertIn("2 messages in 2 minutes", reply.text)
        self.clock.advance_to(told_time(reply.text, self.clock.now()))
        self.pass_mail(client, 1)
        self.clock.advance(1)
        self.pass_mail(client, 1)
        reply = client.send(ALICE, "x@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (450, "4.7.28"))
        self.assertIn("4 messages in 1 hour", reply.text)
        told = told_time(reply.text, self.clock.now())
        self.assertIn(told, range(before + 3601, after + 3602))

    def test_logins_have_windows_of_their_own(self):
        self.start()
        self.pass_mail(self.smtp(), 5)
        bob = self.smtp(BOB)
        self.pass_mail(bob, 5, sender=BOB)
        self.assertEqual(bob.send(BOB, "x@remote.test").code, 450)

    def test_empty_list_of_windows_is_no_limit(self):
        self.start({"messages": []})
        self.pass_mail(self.smtp(), 40)

    def test_what_no_waiting_helps_is_refused_for_good(self):
        self.start({"messages": ["0/1h"]})
        reply = self.smtp().send(ALICE, "x@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.28"))
        self.assertNotIn("try again", reply.text)

    def test_mail_without_a_login_is_not_limited(self):
        self.start({"messages": ["1/1h"]})
        client = self.smtp(None, "mx")
        for sender in ("stranger@remote.test", ALICE, "", ALICE):
            reply = client.send(sender, "x@relay.test")
            self.assertEqual(reply.code, 250, f"{sender}: {reply}")


class WhatCounts(PostfixTest):
    def test_a_refused_message_costs_nothing_and_moves_no_time(self):
        self.start()
        client = self.smtp()
        self.pass_mail(client, 5)
        first = client.send(ALICE, "x@remote.test")
        time.sleep(1.1)
        for _ in range(10):
            last = client.send(ALICE, "x@remote.test")
        self.assertEqual(first.code, 450)
        self.assertEqual(told_time(last.text), told_time(first.text))
        self.assertEqual(self.used(), [5, 5])

    def test_a_message_that_was_given_up_costs_nothing(self):
        self.start()
        client = self.smtp()
        for _ in range(8):
            self.assertEqual(client.mail(ALICE, "x@remote.test").code, 250)
            self.assertEqual(client.command("RSET").code, 250)
        for _ in range(8):
            hasty = self.smtp()
            hasty.mail(ALICE, "x@remote.test")
            self.assertEqual(hasty.command("DATA").code, 354)
            hasty.close()
        self.pass_mail(client, 5)
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 450)

    def test_many_recipients_are_one_message(self):
        self.start()
        client = self.smtp()
        many = [f"r{number}@remote.test" for number in range(20)]
        for _ in range(5):
            self.assertEqual(client.send(ALICE, *many).code, 250)
        self.assertEqual(client.send(ALICE, *many).code, 450)
        self.assertEqual(self.used(), [5, 5])

    def test_recipients_are_counted_where_the_plan_says_so(self):
        self.start({"messages": [], "recipients": ["10/1h"]})
        client = self.smtp()
        six = [f"r{number}@remote.test" for number in range(6)]
        self.assertEqual(client.send(ALICE, *six).code, 250)
        reply = client.send(ALICE, *six)
        self.assertEqual((reply.code, reply.enhanced), (450, "4.7.28"))
        self.assertIn("10 recipients in 1 hour", reply.text)
        self.assertEqual(client.send(ALICE, *six[:4]).code, 250)
        self.assertEqual(client.send(ALICE, six[0]).code, 450)
        self.assertEqual(self.used(kind="recipients"), [10])

    def test_too_many_recipients_in_one_message_are_deferred(self):
        self.start({"recipients_per_message": 3})
        client = self.smtp()
        four = [f"RCPT TO:<r{number}@remote.test>" for number in range(4)]
        replies = client.pipeline(f"MAIL FROM:<{ALICE}>", *four)
        codes = [reply.code for reply in replies]
        self.assertEqual(codes, [250, 250, 250, 250, 452])
        self.assertEqual(replies[-1].enhanced, "4.5.3")
        self.assertEqual(client.command("DATA").code, 354)
        reply = client.body("Subject: for the first three\n")
        self.assertEqual(reply.code, 250)

    def test_asking_in_every_restriction_class_counts_nothing_twice(self):
        self.start({"messages": ["5/1m"], "recipients_per_message": 3})
        client = self.smtp(service="everywhere")
        three = [f"r{number}@remote.test" for number in range(3)]
        for _ in range(5):
            reply = client.send(ALICE, *three)
            self.assertEqual(reply.code, 250, str(reply))
        self.assertEqual(client.send(ALICE, *three).code, 450)
        self.assertEqual(self.used(), [5])

    def test_bytes_are_counted_where_the_plan_says_so(self):
        self.start({"messages": [], "bytes": ["20K/1h"]})
        client = self.smtp()
        text = "Subject: nine kilobytes\n\n" + ("x" * 70 + "\n") * 128
        for _ in range(2):
            reply = client.send(ALICE, "x@remote.test", text=text)
            self.assertEqual(reply.code, 250, str(reply))
        reply = client.send(ALICE, "x@remote.test", text=text)
        self.assertEqual((reply.code, reply.enhanced), (450, "4.7.28"))
        self.assertIn("20K in 1 hour", reply.text)
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 250)

    def test_too_large_a_message_is_refused_before_and_after_its_body(self):
        self.start({"messages": ["5/1m"], "message_size": "10K"})
        client = self.smtp()
        text = "Subject: large\n\n" + ("x" * 70 + "\n") * 200
        reply = client.send(ALICE, "x@remote.test", text=text)
        self.assertEqual((reply.code, reply.enhanced), (552, "5.3.4"))
        said = client.mail(ALICE, "x@remote.test", options=" SIZE=20000")
        self.assertEqual((said.code, said.enhanced), (552, "5.3.4"))
        client.command("RSET")
        self.pass_mail(client, 5)

    def test_chunking_counts_a_message_once(self):
        self.start()
        client = self.smtp()
        chunks = (b"Subject: chunks\r\n", b"\r\nhel", b"lo\r\n", b"")
        for number in range(5):
            self.assertEqual(client.mail(ALICE, "x@remote.test").code, 250)
            codes = [reply.code for reply in client.bdat(*chunks)]
            self.assertEqual(codes, [250] * 4, f"message {number + 1}")
        self.assertEqual(client.mail(ALICE, "x@remote.test").code, 450)
        self.assertEqual(self.used(), [5, 5])

    def test_a_pipelining_client_is_counted_like_any_other(self):
        self.start()
        client = self.smtp()
        head = (f"MAIL FROM:<{ALICE}>", "RCPT TO:<x@remote.test>", "DATA")
        for _ in range(5):
            codes = [reply.code for reply in client.pipeline(*head)]
            self.assertEqual(codes, [250, 250, 354])
            self.assertEqual(client.body("Subject: fast\n").code, 250)
        codes = [reply.code for reply in client.pipeline(*head)]
        self.assertEqual(codes, [250, 450, 554])


class Sessions(PostfixTest):
    def test_parallel_sessions_of_one_login_admit_exactly_the_limit(self):
        self.start({"messages": ["20/1h"]})
        clients = [self.smtp() for _ in range(10)]
        start = threading.Barrier(len(clients))
        codes = []

        def session(client):
            start.wait()
            for _ in range(4):
                codes.append(client.send(ALICE, "x@remote.test").code)

        threads = [
            threading.Thread(target=session, args=(client,))
            for client in clients
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(codes.count(250), 20, codes)
        self.assertEqual(codes.count(450), 20, codes)

    def test_quota_survives_a_killed_daemon(self):
        self.start()
        client = self.smtp()
        self.pass_mail(client, 3)
        self.daemon.kill()
        self.start_daemon()
        self.pass_mail(client, 2)
        reply = client.send(ALICE, "x@remote.test")
        self.assertRegex(str(reply), LIMIT_A_MINUTE)
        self.daemon.kill()
        self.start_daemon()
        reply = self.smtp().send(ALICE, "x@remote.test")
        self.assertRegex(str(reply), LIMIT_A_MINUTE)

    def test_quota_survives_a_restart(self):
        self.start()
        client = self.smtp()
        self.pass_mail(client, 5)
        self.assertEqual(self.daemon.stop(), 0)
        self.start_daemon()
        reply = client.send(ALICE, "x@remote.test")
        self.assertRegex(str(reply), LIMIT_A_MINUTE)


class TrustedNetwork(PostfixTest):
    def test_webmail_is_limited_like_everybody(self):
        self.start()
        client = self.smtp(source="127.0.0.9")
        self.pass_mail(client, 5)
        reply = client.send(ALICE, "x@remote.test")
        self.assertRegex(str(reply), LIMIT_A_MINUTE)

    def test_webmail_is_not_exempt_from_a_sending_lock(self):
        self.start()
        client = self.smtp(source="127.0.0.9")
        self.pass_mail(client, 1)
        self.ctl("lock", ALICE)
        reply = client.send(ALICE, "x@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.13"))


class ObserveMode(PostfixTest):
    def test_nothing_is_refused_and_the_log_says_what_would_have_been(self):
        self.start(mode="observe")
        client = self.smtp()
        self.pass_mail(client, 5)
        self.pass_mail(client, 2)
        reply = client.send(BOB, "x@remote.test")
        self.assertEqual(reply.code, 250, "a sender that alice does not own")
        lines = self.daemon.wait_lines("observed", 2)
        would = [line["would"] for line in lines]
        self.assertEqual(would, ["quota", "sender-not-owned"])
        self.assertEqual({line["login"] for line in lines}, {ALICE})
        self.assertEqual(self.daemon.lines("refused"), [])
