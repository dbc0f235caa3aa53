# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Who may send, and as whom, behind a real Postfix."""

from postern_site.case import ALICE, BOB, PostfixTest

ALIASES = {"alias_domains": ["example.test = alias.test Münster.test"]}


class EnvelopeSender(PostfixTest):
    def reply(self, client, sender):
        reply = client.mail(sender, "x@remote.test")
        client.command("RSET")
        return reply

    def assert_may(self, client, *senders):
        for sender in senders:
            with self.subTest(sender=sender):
                reply = self.reply(client, sender)
                self.assertEqual(reply.code, 250, str(reply))

    def assert_may_not(self, client, *senders):
        for sender in senders:
            with self.subTest(sender=sender):
                reply = self.reply(client, sender)
                self.assertEqual((reply.code, reply.enhanced), (550, "5.7.1"))
                self.assertIn("does not belong to your login", reply.text)

    def test_a_login_owns_itself_and_the_null_sender_is_anybodys(self):
        self.start(sender=ALIASES)
        self.assert_may(self.smtp(), ALICE, "Alice@Example.TEST", "")

    def test_a_login_owns_itself_with_a_tag(self):
        self.start()
        client = self.smtp()
        self.assert_may(client, "alice+news@example.test")
        self.assert_may_not(client, "alice-news@example.test")
        self.assert_may_not(client, "+alice@example.test")

    def test_tags_can_be_switched_off(self):
        self.start(sender={"subaddress": ""})
        self.assert_may_not(self.smtp(), "alice+news@example.test")

    def test_a_login_owns_its_local_part_at_alias_domains(self):
        self.start(sender=ALIASES)
        client = self.smtp()
        self.assert_may(
            client,
            "alice@alias.test",
            "alice+tag@alias.test",
            "alice@xn--mnster-3ya.test",
        )
        self.assert_may_not(client, "bob@alias.test", "alice@other.test")

    def test_a_foreign_sender_is_refused_and_costs_nothing(self):
        self.start()
        client = self.smtp()
        self.assert_may_not(
            client,
            BOB,
            "ceo@remote.test",
            "alice@example.test.evil.test",
            "malice@example.test",
            '"alice@example.test"@evil.test',
        )
        self.assertEqual(client.send(BOB, "x@remote.test").code, 550)
        self.pass_mail(client, 5)

    def test_the_accounts_own_list_can_be_extended_and_cut(self):
        self.start()
        client = self.smtp()
        self.assert_may_not(client, "sales@example.test")
        self.ctl("sender", "add", ALICE, "sales@example.test")
        self.ctl("sender", "add", ALICE, "@shop.test")
        self.assert_may(client, "Sales@Example.test", "anything@shop.test")
        self.assert_may_not(self.smtp(BOB), "sales@example.test")
        self.ctl("sender", "remove", ALICE, "sales@example.test")
        self.assert_may_not(client, "sales@example.test")


class Lock(PostfixTest):
    def test_a_lock_ends_sending_in_sessions_that_are_open(self):
        self.start()
        client = self.smtp()
        self.pass_mail(client, 1)
        self.ctl("lock", ALICE)
        reply = client.send(ALICE, "x@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.13"))
        self.assertIn("Sending is locked", reply.text)
        self.assertEqual(self.smtp().send(ALICE, "x@remote.test").code, 550)
        self.pass_mail(self.smtp(BOB), 1, sender=BOB)
        self.ctl("unlock", ALICE)
        self.pass_mail(client, 4)

    def test_a_lock_between_recipient_and_end_of_message_holds(self):
        self.start()
        client = self.smtp()
        self.assertEqual(client.mail(ALICE, "x@remote.test").code, 250)
        self.assertEqual(client.command("DATA").code, 354)
        self.ctl("lock", ALICE)
        reply = client.body("Subject: too late\n")
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.13"))
        self.ctl("unlock", ALICE)
        client.command("RSET")
        self.pass_mail(client, 5)

    def test_an_inactive_account_does_not_send(self):
        self.start()
        self.ctl("set", ALICE, "status=inactive")
        reply = self.smtp().send(ALICE, "x@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (550, "5.2.1"))

    def test_a_plan_without_smtp_does_not_send_except_from_webmail(self):
        self.start({"protocols": ["pop3"], "messages": ["5/1m"]})
        reply = self.smtp().send(ALICE, "x@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.1"))
        self.pass_mail(self.smtp(source="127.0.0.9"), 1)


class Encryption(PostfixTest):
    def test_mail_without_encryption_is_refused_where_it_is_required(self):
        self.start(require_tls=True)
        reply = self.smtp().send(ALICE, "x@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (530, "5.7.0"))

    def test_mail_without_encryption_passes_from_a_trusted_network(self):
        self.start(require_tls=True)
        self.pass_mail(self.smtp(source="127.0.0.9"), 1)

    def test_mail_with_encryption_passes(self):
        self.start(require_tls=True)
        client = self.smtp(None, "starttls")
        self.assertEqual(client.starttls().code, 220)
        self.assertEqual(client.auth(ALICE, "secret").code, 235)
        self.pass_mail(client, 1)
