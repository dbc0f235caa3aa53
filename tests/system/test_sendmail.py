# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""postern-milter alone behind a real Sendmail: it does all that policyd does
behind a Postfix."""

import email.utils
import threading

from postern_site import children
from postern_site.case import ALICE, BOB
from postern_site.milter_case import SendmailTest, message
from postern_site.times import told_time

SPOOF = message("Boss <ceo@example.test>")


class Windows(SendmailTest):
    def test_sixth_message_in_a_minute_is_deferred(self):
        self.start_alone()
        client = self.smtp()
        self.pass_mail(client, 5)
        # At MAIL and RCPT, Sendmail puts the address before the text.
        self.assertRegex(
            str(self.send(client)),
            r"^450 4\.7\.28 <\S+>\.\.\. "
            r"Sending limit reached: 5 messages in 1 minute; "
            r"try again after (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC$",
        )
        self.assertEqual(self.used(), [5, 5])

    def test_a_message_is_accepted_at_the_time_that_was_named(self):
        self.use_clock()
        self.start_alone({"messages": ["2/10m"]})
        client = self.smtp()
        self.pass_mail(client, 2)
        reply = self.send(client)
        self.assertEqual(reply.code, 450)
        self.clock.advance_to(told_time(reply.text, self.clock.now()))
        self.pass_mail(client, 1)

    def test_a_full_window_is_told_before_the_content_is_sent(self):
        self.start_alone({"messages": ["1/1h"]})
        client = self.smtp()
        self.pass_mail(client, 1)
        self.assertEqual(client.mail(ALICE, "x@remote.test").code, 450)

    def test_who_began_in_time_may_still_come_too_late(self):
        self.start_alone({"messages": ["1/1h"]})
        late = self.smtp()
        self.assertEqual(late.mail(ALICE, "x@remote.test").code, 250)
        self.assertEqual(late.command("DATA").code, 354)
        self.pass_mail(self.smtp(), 1)
        reply = late.body(message())
        self.assertEqual((reply.code, reply.enhanced), (450, "4.7.28"))
        self.assertEqual(self.used(), [1])

    def test_two_sessions_at_once_charge_exactly(self):
        self.start_alone({"messages": ["15/1h"]})
        clients = [self.smtp() for _ in range(2)]
        codes = []

        def work(client):
            for _ in range(12):
                codes.append(self.send(client).code)

        threads = [threading.Thread(target=work, args=[c]) for c in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(codes), [250] * 15 + [450] * 9)
        self.assertEqual(self.used(), [15])

    def test_recipients_are_counted_where_the_plan_says_so(self):
        self.start_alone({"messages": [], "recipients": ["10/1h"]})
        client = self.smtp()
        six = [f"r{number}@remote.test" for number in range(6)]
        self.assertEqual(self.send(client, ALICE, *six).code, 250)
        self.assertEqual(self.send(client, ALICE, *six).code, 450)
        self.assertEqual(self.send(client, ALICE, *six[:4]).code, 250)
        self.assertEqual(self.used(kind="recipients"), [10])

    def test_mail_without_a_login_is_untouched(self):
        self.start_alone({"messages": ["0/1h"]}, sender={"policy": "rewrite"})
        client = self.smtp(None)
        for sender in ("stranger@remote.test", ALICE, ""):
            reply = self.send(client, sender, "u@relay.test", text=SPOOF)
            self.assertEqual(reply.code, 250, str(reply))
        mail = self.sink.wait("u@relay.test", 3)
        self.assertEqual(mail.fields("From"), ["Boss <ceo@example.test>"])


class Rules(SendmailTest):
    def assert_refused(self, reply, code, enhanced, text):
        self.assertEqual((reply.code, reply.enhanced), (code, enhanced),
                         str(reply))
        self.assertIn(text, reply.text)

    def test_too_many_recipients_in_one_message_are_deferred(self):
        self.start_alone({"recipients_per_message": 3})
        client = self.smtp()
        client.command(f"MAIL FROM:<{ALICE}>")
        replies = [client.command(f"RCPT TO:<r{number}@remote.test>")
                   for number in range(4)]
        self.assertEqual([r.code for r in replies], [250, 250, 250, 452])
        self.assertEqual(replies[-1].enhanced, "4.5.3")
        client.command("DATA")
        self.assertEqual(client.body(message()).code, 250)

    def test_a_message_that_is_too_large_is_refused(self):
        self.start_alone({"messages": ["5/1h"], "message_size": "20K"})
        client = self.smtp()
        reply = client.mail(ALICE, "x@remote.test", options=" SIZE=30000")
        self.assert_refused(reply, 552, "5.3.4", "")
        client.command("RSET")
        reply = self.send(client, body="a line of text\n" * 2000)
        self.assert_refused(reply, 552, "5.3.4", "")
        self.assertEqual(self.used(), [0])
        self.pass_mail(client, 1)

    def test_from_is_the_login(self):
        self.start_alone()
        client = self.smtp()
        self.assert_refused(
            self.send(client, text=SPOOF), 550, "5.7.1",
            "You may not send with From <ceo@example.test>: "
            "it does not belong to your login",
        )
        self.pass_mail(client, 1)
        sales = message("Sales <sales@example.test>")
        self.assert_refused(self.send(client, text=sales), 550, "5.7.1",
                            "<sales@example.test>")
        self.ctl("sender", "add", ALICE, "sales@example.test")
        self.assertEqual(self.send(client, text=sales).code, 250)
        self.assertEqual(self.used(), [2, 2])

    def test_no_from_is_refused_before_sendmail_can_add_one(self):
        self.start_alone()
        reply = self.send(self.smtp(), text=message(None))
        self.assert_refused(reply, 550, "5.7.1", "has no From header")

    def test_the_envelope_sender_is_the_logins(self):
        self.start_alone()
        client = self.smtp()
        reply = client.mail(BOB, "x@remote.test")
        self.assert_refused(reply, 550, "5.7.1",
                            "does not belong to your login")
        client.command("RSET")
        self.assertEqual(client.mail("", "x@remote.test").code, 250)

    def test_a_sending_lock_holds_from_webmail_too(self):
        self.start_alone()
        sessions = [self.smtp(), self.smtp(source="127.0.0.9")]
        self.ctl("lock", ALICE)
        for client in sessions:
            self.assert_refused(self.send(client), 550, "5.7.13", "")
        self.ctl("unlock", ALICE)
        self.pass_mail(sessions[0], 1)

    def test_sending_needs_tls_where_it_is_asked_for(self):
        self.start_alone(require_tls=True)
        self.assert_refused(self.send(self.smtp()), 530, "5.7.0", "")
        self.pass_mail(self.smtp(tls=True), 1)
        self.pass_mail(self.smtp(source="127.0.0.9"), 1)

    def test_a_block_ends_sending_within_the_session(self):
        self.start_alone()
        self.ctl("enable", ALICE)
        client, webmail = self.smtp(), self.smtp(source="127.0.0.9")
        self.ctl("reset", ALICE)
        self.ctl("block", ALICE, "--reason", "admin")
        self.assert_refused(self.send(client), 550, "5.7.13",
                            "External access (mail programs) was blocked")
        self.pass_mail(webmail, 1)

    def test_observe_mode_refuses_nothing(self):
        self.start_alone({"messages": ["0/1h"]}, mode="observe")
        client = self.smtp()
        self.pass_mail(client, 2)
        self.assertEqual(self.send(client, text=SPOOF).code, 250)
        children.wait_for(lambda: "would=" in self.milter.text(),
                          "word of it in the log")

    def test_a_bare_login_belongs_to_the_default_domain(self):
        self.start_alone()
        client = self.smtp("alice")
        self.pass_mail(client, 1)
        self.assertEqual(self.send(client, text=SPOOF).code, 550)
        self.assertEqual(self.used(), [1, 1])


class Content(SendmailTest):
    def test_rewriting_puts_the_login_and_keeps_the_original(self):
        self.start_alone(sender={"policy": "rewrite"})
        reply = self.send(self.smtp(), ALICE, "w@remote.test", text=SPOOF)
        self.assertEqual(reply.code, 250, str(reply))
        mail = self.sink.wait("w@remote.test")
        self.assertEqual(len(mail.fields("From")), 1)
        self.assertEqual(email.utils.parseaddr(mail.fields("From")[0])[1],
                         ALICE)
        self.assertNotIn("ceo@", mail.fields("From")[0])
        self.assertEqual(mail.fields("X-Original-From"),
                         ["Boss <ceo@example.test>"])

    def test_a_message_id_is_kept_or_added_once(self):
        self.start_alone()
        client = self.smtp()
        self.send(client, ALICE, "k@remote.test", message_id="<k@mua.test>")
        self.send(client, ALICE, "n@remote.test", message_id=None)
        kept = self.sink.wait("k@remote.test").fields("Message-ID")
        self.assertEqual(kept, ["<k@mua.test>"])
        added = self.sink.wait("n@remote.test").fields("Message-ID")
        self.assertEqual(len(added), 1)
        self.assertRegex(added[0], r"^<[^<>@\s]+@[^<>@\s]+>$")

    def test_without_the_milter_mail_is_deferred(self):
        self.start_alone()
        client = self.smtp()
        self.pass_mail(client, 1)
        self.milter.kill()
        reply = self.send(client)
        self.assertEqual(reply.code, 451, str(reply))
        reply = self.send(self.smtp(None))
        self.assertEqual(reply.code, 451, str(reply))
        self.milter.start()
        self.pass_mail(self.smtp(), 1)
        self.assertEqual(self.used(), [2, 2])
