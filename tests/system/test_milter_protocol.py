# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""postern-milter on its socket: the protocol as MTAs keep it."""

from postern_site import milter_client
from postern_site.case import ALICE, BOB
from postern_site.milter_case import NO_LIMIT, SessionTest
from postern_site.milter_mta import HEADERS, SPOOF

# What MTAs offer, from the newest to the oldest.
OFFERS = {
    "all of protocol 6": {},
    "no blank after the colon": {
        "steps": milter_client.ALL_STEPS & ~milter_client.HDR_LEADSPC
    },
    "a reply to each step": {"steps": 0x10077F},
    "no skipping of the body": {
        "steps": milter_client.ALL_STEPS & ~milter_client.SKIP
    },
    "no list of macros": {
        "actions": milter_client.ALL_ACTIONS & ~milter_client.SETSYMLIST
    },
    "protocol 2": {
        "version": 2, "steps": milter_client.OLD_STEPS, "actions": 0x3F
    },
}


class Steps(SessionTest):
    def test_only_what_is_needed_is_asked_for(self):
        self.start_alone()
        link = self.session().link
        self.assertEqual(link.version, 6)
        allowed = milter_client.ADDHDRS | milter_client.CHGHDRS
        allowed |= milter_client.SETSYMLIST
        self.assertEqual(link.actions & ~allowed, 0)
        for name in ("NOHELO", "NOUNKNOWN", "NR_HDR"):
            self.assertTrue(link.steps & getattr(milter_client, name), name)

    def test_an_honest_message_passes_whatever_the_mta_offers(self):
        self.start_alone(NO_LIMIT)
        for name, offer in OFFERS.items():
            with self.subTest(offer=name):
                self.passes(self.session(**offer))
        self.assertEqual(self.used(), [len(OFFERS)])

    def test_a_spoof_is_refused_whatever_the_mta_offers(self):
        self.start_alone()
        for name, offer in OFFERS.items():
            with self.subTest(offer=name):
                reply = self.refuses(self.session(**offer), headers=SPOOF)
                self.assertEqual(
                    reply.text,
                    "550 5.7.1 You may not send with From <ceo@example.test>: "
                    "it does not belong to your login",
                )
        self.assertEqual(self.used(), [0, 0])

    def test_bytes_one_by_one_make_the_same_message(self):
        self.start_alone()
        session = self.session(trickle=True)
        self.passes(session, body=b"x" * 3000)
        self.refuses(session, headers=SPOOF)
        self.assertEqual(self.used(), [1, 1])

    def test_messages_of_one_session_are_judged_apart(self):
        self.start_alone()
        session = self.session()
        for _ in range(3):
            self.passes(session)
            self.refuses(session, headers=SPOOF)
            reply = self.refuses(session, headers=HEADERS[1:])
            self.assertIn("has no From header", reply.text)
        self.assertEqual(self.used(), [3, 3])

    def test_a_second_session_of_a_connection_is_not_the_first_ones(self):
        self.start_alone({"messages": ["1/1h"]})
        session = self.session()
        self.passes(session)
        for login in (BOB, None):
            session.link.quit_but_stay()
            session.greeted, session.login = False, login
            # No MTA is known to do this, so to defer is good enough.
            reply = session.send(ALICE, headers=SPOOF)
            if login is not None:
                self.assertGreater(reply.code, 400, str(reply))
        self.assertEqual(self.used(), [1])

    def test_a_listener_of_tcp_is_the_same(self):
        port = self.free_port()
        self.milter_socket = ("127.0.0.1", port)
        self.start_alone(milter_listen=f"inet:127.0.0.1:{port}")
        self.passes(self.session())
        self.refuses(self.session(), headers=SPOOF)

    def test_mail_without_a_login_is_left_alone(self):
        self.start_alone({"messages": ["0/1h"]}, sender={"policy": "rewrite"})
        for headers in (HEADERS, SPOOF, HEADERS[1:], SPOOF[:1] * 3):
            reply = self.passes(self.session(None), headers=headers)
            self.assertEqual(reply.changes, ())

    def test_a_login_is_read_as_postfix_and_sendmail_name_it(self):
        self.start_alone(NO_LIMIT)
        for login in ("alice", "ALICE@Example.Test", "alice@example.test"):
            for sendmail in (False, True):
                with self.subTest(login=login, sendmail=sendmail):
                    session = self.session(login, sendmail=sendmail)
                    self.passes(session)
                    self.refuses(session, headers=SPOOF)

    def test_what_is_no_login_may_not_send(self):
        self.start_alone()
        for login in ("a b@example.test", "@", "x" * 400, "alice@"):
            with self.subTest(login=login):
                reply = self.session(login).send()
                self.assertGreaterEqual(reply.code, 400, str(reply))

    def test_a_percent_sign_in_an_address_is_only_that(self):
        self.start_alone()
        headers = (("From", "%s%n%d@remote.test"), *HEADERS[1:])
        reply = self.refuses(self.session(), headers=headers)
        # On the wire each is doubled; the MTA halves them again.
        self.assertIn("<%%s%%n%%d@remote.test>", reply.text)


class Limits(SessionTest):
    def test_the_sixth_message_is_deferred_in_the_words_of_the_table(self):
        self.start_alone()
        session = self.session()
        for _ in range(5):
            self.passes(session)
        self.assertRegex(
            session.send().text,
            r"^450 4\.7\.28 Sending limit reached: 5 messages in 1 minute; "
            r"try again after (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC$",
        )

    def test_one_recipient_too_many_does_not_cost_the_others(self):
        self.start_alone({**NO_LIMIT, "recipients_per_message": 3})
        session = self.session(sendmail=True)
        session.greet()
        session.mail(ALICE, "Q1")
        replies = [session.rcpt(f"r{n}@remote.test", "Q1") for n in range(4)]
        self.assertEqual([r.code for r in replies], [0, 0, 0, 452])
        self.assertEqual(replies[3].enhanced, "4.5.3")
        reply = session.content(HEADERS, b"hello\r\n", "Q1")
        self.assertTrue(reply.passes, str(reply))
        self.assertEqual(self.used(), [1])

    def test_sizes_are_those_of_header_and_body(self):
        self.start_alone({"messages": [], "message_size": "100K"})
        session = self.session()
        self.passes(session, body=b"x" * 90_000)
        reply = session.send(body=b"x" * 110_000)
        self.assertEqual((reply.code, reply.enhanced), (552, "5.3.4"))

    def test_long_fields_and_many_fields_are_read(self):
        self.start_alone(NO_LIMIT)
        long = "Alice (" + "c" * 59_000 + ") <alice@example.test>"
        many = [(f"X-{n}", "v" * 50) for n in range(3000)]
        session = self.session()
        self.passes(session, headers=[*HEADERS, *many])
        self.refuses(session, headers=[*SPOOF, *many])
        self.refuses(session, headers=[*many, *SPOOF])
        before = self.milter.cpu_seconds()
        session.send(headers=[("From", long), *HEADERS[1:]])
        session.send(headers=[("From", "(" * 60_000), *HEADERS[1:]])
        self.assertLess(self.milter.cpu_seconds() - before, 1.0)
        self.lives()

    def test_many_recipients_are_one_charge(self):
        self.start_alone({**NO_LIMIT, "recipients_per_message": "unlimited"})
        many = [f"r{n}@remote.test" for n in range(1500)]
        reply = self.session().send(ALICE, *many)
        self.assertTrue(reply.passes, str(reply))
        self.assertEqual(self.used(), [1])
