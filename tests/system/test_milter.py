# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""From is the login: postern-milter behind a real Postfix."""

import email.utils

from postern_site import children
from postern_site.case import ALICE, BOB
from postern_site.milter_case import PostfixMilterTest, message

SPOOF = message("Boss <ceo@example.test>")
REST = b"To: x@remote.test\r\nSubject: raw\r\n\r\nhello"
OWN = b"From: alice@example.test\r\n"
CEO = b"From: ceo@example.test\r\n"

# A header block as it is sent -> what the refusal says; all of them from
# what Postfix was seen to make of such blocks before a milter sees them.
REFUSED = {
    "no header at all": (b"\r\n" + OWN + REST, "no From"),
    "first line without a colon": (b"hello world\r\n" + OWN + REST, "no From"),
    "first line begins with a blank": (b" X: y\r\n" + OWN + REST, "no From"),
    "first line is only a blank": (b" \r\n" + OWN + REST, "no From"),
    "byte order mark before From": (b"\xef\xbb\xbf" + OWN + REST, "no From"),
    "8-bit bytes in a name": (
        b"Subj\xe9ct: x\r\n" + CEO + OWN + REST, "no From"
    ),
    "first line eaten as a mailbox line": (
        b"From : alice@example.test\r\n" + REST, "no From"
    ),
    "mailbox line, then another": (
        b"From alice@example.test Sun Nov 22 12:00:00 2026\r\n" + CEO + REST,
        "<ceo@example.test>",
    ),
    "NUL at the beginning of From": (
        b"From: \0alice@example.test\r\n" + REST, "From header"
    ),
    "what stands before the NUL": (
        b"From: ceo@example.test\0 <alice@example.test>\r\n" + REST,
        "<ceo@example.test>",
    ),
    "a blank before the colon": (
        b"Subject: x\r\nFrom : ceo@example.test\r\n" + OWN + REST,
        "more than one From",
    ),
    "From twice": (OWN + CEO + REST, "more than one From"),
    "From twice, the other way": (CEO + OWN + REST, "more than one From"),
    "From in capitals as well": (
        b"FROM: alice@example.test\r\n" + CEO + REST, "more than one From"
    ),
    "bare LF before a second From": (
        OWN + b"Subject: x\nFrom: ceo@example.test\r\n" + REST,
        "more than one From",
    ),
    "bare CR before a second From": (
        b"From: alice@example.test\rFrom: ceo@example.test\r\n" + REST,
        "From header",
    ),
    "several addresses": (
        b"From: alice@example.test, ceo@example.test\r\n" + REST,
        "more than one address",
    ),
    "a group": (b"From: x: ceo@example.test;\r\n" + REST, "From header"),
    "a route": (
        b"From: <@ceo.test:alice@example.test>\r\n" + REST, "From header"
    ),
    "text after the address": (
        b"From: <alice@example.test> ceo@example.test\r\n" + REST,
        "From header",
    ),
    "address in the name": (
        b"From: \"ceo@example.test\" <alice@example.test>\r\n" + REST,
        "shows the address <ceo@example.test>",
    ),
    "address in an encoded name": (
        b"From: =?utf-8?B?Y2VvQGV4YW1wbGUudGVzdA==?= <alice@example.test>\r\n"
        + REST,
        "From header",
    ),
    "foreign Sender": (
        OWN + b"Sender: ceo@example.test\r\n" + REST,
        "Sender <ceo@example.test>",
    ),
    "foreign Resent-From": (
        OWN + b"Resent-From: ceo@example.test\r\n" + REST,
        "Resent-From <ceo@example.test>",
    ),
}

# What mail programs send -> the name that the recipient is shown.
ACCEPTED = {
    "bare": (OWN, ""),
    "name": (b"From: Alice Liddell <alice@example.test>\r\n",
             "Alice Liddell"),
    "quoted name": (b'From: "Liddell, Alice" <alice@example.test>\r\n',
                    "Liddell, Alice"),
    "folded": (b"From: Alice\r\n <alice@example.test>\r\n", "Alice"),
    "comment": (b"From: alice@example.test (Alice)\r\n", "Alice"),
    "encoded": (b"From: =?utf-8?Q?J=C4=81nis?= <alice@example.test>\r\n",
                "=?utf-8?Q?J=C4=81nis?="),
    "tag": (b"From: Alice <alice+shop@example.test>\r\n", "Alice"),
    "other case": (b"From: Alice <Alice@Example.TEST>\r\n", "Alice"),
    "own name": (b'From: "alice@example.test" <alice@example.test>\r\n',
                 "alice@example.test"),
    "cut at a NUL": (b"From: alice@example.test\0, ceo@example.test\r\n", ""),
    "own Sender": (OWN + b"Sender: alice@example.test\r\n", ""),
    "cut at a folded name": (OWN + b"From\r\n : ceo@example.test\r\n", ""),
}


class Gate(PostfixMilterTest):
    def assert_refused(self, reply, text):
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.1"),
                         str(reply))
        self.assertIn(text, reply.text)

    def test_a_spoof_is_refused_by_name(self):
        self.start_both()
        reply = self.send(self.smtp(), text=SPOOF)
        self.assertEqual(
            str(reply),
            "550 5.7.1 You may not send with From <ceo@example.test>: "
            "it does not belong to your login",
        )

    def test_header_blocks_as_postfix_hands_them_over(self):
        self.start_both({"messages": ["1000/1h"]})
        client = self.smtp()
        for name, (data, text) in REFUSED.items():
            with self.subTest(block=name):
                reply = client.send_raw(ALICE, "spoof@remote.test", data)
                self.assert_refused(reply, text)
        self.assertEqual(self.used(), [0])
        self.assertEqual(self.sink.to("spoof@remote.test"), [])

    def test_header_blocks_that_postfix_completes_show_the_login(self):
        # Of clients on its own host, as here, it rewrites addresses, and adds
        # a From with the envelope sender before a milter sees the header.
        self.start_alone({"messages": ["1000/1h"]})
        client = self.smtp(service="alone")
        passed = 0
        for number, (name, (data, _text)) in enumerate(REFUSED.items()):
            with self.subTest(block=name):
                to = f"c{number}@remote.test"
                reply = client.send_raw(ALICE, to, data)
                if reply.code == 250:
                    passed += 1
                    mail = self.sink.wait(to)
                    fields = [x.strip("<>") for x in mail.fields("From")]
                    self.assertEqual(fields, [ALICE])
                else:
                    self.assert_refused(reply, "")
        self.assertEqual(self.used(), [passed])
        self.assertLess(passed, len(REFUSED) // 2)

    def test_what_mail_programs_write_arrives_as_it_was(self):
        self.start_both({"messages": ["1000/1h"]})
        client = self.smtp()
        for number, (name, (field, shown)) in enumerate(ACCEPTED.items()):
            with self.subTest(field=name):
                to = f"a{number}@remote.test"
                reply = client.send_raw(ALICE, to, field + REST)
                self.assertEqual(reply.code, 250, str(reply))
                fields = self.sink.wait(to).fields("From")
                self.assertEqual(len(fields), 1)
                seen, address = email.utils.parseaddr(fields[0])
                self.assertEqual(seen, shown)
                self.assertRegex(address.lower(), r"^alice(\+shop)?@example")
        self.assertEqual(self.used(), [len(ACCEPTED)])

    def test_long_fields_are_read_quickly_and_to_their_end(self):
        self.start_both()
        client = self.smtp()
        before = self.milter.cpu_seconds()
        for value in (
            b"(" * 59_000,
            b"a" * 59_000 + b" <alice@example.test>, ceo@example.test",
            b"," * 59_000,
            (b"x" * 900 + b",\r\n ") * 60,
        ):
            reply = client.send_raw(ALICE, "x@remote.test",
                                    b"From: " + value + b"\r\n" + REST)
            self.assert_refused(reply, "From")
        self.assertLess(self.milter.cpu_seconds() - before, 1.0)

    def test_an_alias_is_accepted_after_sender_add(self):
        self.start_both()
        client = self.smtp()
        sales = message("Sales <sales@example.test>")
        self.assert_refused(self.send(client, text=sales),
                            "<sales@example.test>")
        self.ctl("sender", "add", ALICE, "sales@example.test")
        self.assertEqual(self.send(client, text=sales).code, 250)
        self.ctl("sender", "remove", ALICE, "sales@example.test")
        self.assert_refused(self.send(client, text=sales),
                            "<sales@example.test>")

    def test_webmail_is_subject_to_the_gate_too(self):
        self.start_both()
        webmail = self.smtp(source="127.0.0.9")
        self.assert_refused(self.send(webmail, text=SPOOF), "<ceo@")
        self.pass_mail(webmail, 1)

    def test_mail_without_a_login_is_untouched(self):
        self.start_both(sender={"policy": "rewrite"})
        client = self.smtp(None, "mx")
        for sender in ("stranger@remote.test", ALICE, ""):
            reply = client.send(sender, "bob@example.test", text=SPOOF)
            self.assertEqual(reply.code, 250, str(reply))
        mail = self.sink.wait("bob@example.test", 3)
        self.assertEqual(mail.fields("From"), ["Boss <ceo@example.test>"])
        self.assertEqual(mail.fields("X-Original-From"), [])

    def test_several_own_addresses_where_that_is_allowed(self):
        self.start_both(sender={"several": "owned"})
        self.ctl("sender", "add", ALICE, "sales@example.test")
        client = self.smtp()
        both = message("alice@example.test, sales@example.test")
        self.assertEqual(self.send(client, text=both).code, 250)
        mixed = message("alice@example.test, ceo@example.test")
        self.assert_refused(self.send(client, text=mixed), "<ceo@")

    def test_a_foreign_address_in_the_name_where_that_is_allowed(self):
        self.start_both(sender={"display_name": "allow"})
        name = message('"ceo@example.test" <alice@example.test>')
        self.assertEqual(self.send(self.smtp(), text=name).code, 250)

    def test_a_foreign_sender_is_removed_where_that_is_asked_for(self):
        self.start_both(sender={"foreign_sender": "remove"})
        client = self.smtp()
        for name in ("Sender", "Resent-Sender"):
            to = f"{name}@remote.test"
            reply = self.send(client, ALICE, to,
                              **{name: "ceo@example.test"})
            self.assertEqual(reply.code, 250, str(reply))
            mail = self.sink.wait(to)
            self.assertEqual(mail.fields(name), [])
            self.assertEqual(mail.fields("From"), [ALICE])
        self.assert_refused(self.send(client, text=SPOOF), "<ceo@")


class Rewrite(PostfixMilterTest):
    def delivered(self, data):
        reply = self.smtp().send_raw(ALICE, "w@remote.test", data)
        self.assertEqual(reply.code, 250, str(reply))
        mail = self.sink.wait("w@remote.test")
        self.sink.clear()
        self.assertEqual(len(mail.fields("From")), 1, mail.data)
        address = email.utils.parseaddr(mail.fields("From")[0])[1]
        self.assertEqual(address, ALICE)
        return mail

    def test_from_is_replaced_and_the_original_kept(self):
        self.start_both(sender={"policy": "rewrite"})
        mail = self.delivered(b"From: Boss <ceo@example.test>\r\n" + REST)
        self.assertNotIn("ceo@", mail.fields("From")[0])
        self.assertEqual(mail.fields("X-Original-From"),
                         ["Boss <ceo@example.test>"])

    def test_all_but_one_from_are_removed(self):
        self.start_both(sender={"policy": "rewrite"})
        mail = self.delivered(CEO + OWN + CEO + REST)
        self.assertIn("ceo@example.test",
                      " ".join(mail.fields("X-Original-From")))

    def test_a_from_is_put_where_there_is_none(self):
        self.start_both(sender={"policy": "rewrite"})
        self.delivered(REST)

    def test_what_is_owned_stays_as_it_is(self):
        self.start_both(sender={"policy": "rewrite"})
        mail = self.delivered(b"From: Me <alice@example.test>\r\n" + REST)
        self.assertEqual(mail.fields("From"), ["Me <alice@example.test>"])
        self.assertEqual(mail.fields("X-Original-From"), [])

    def test_a_foreign_sender_field_does_not_stay(self):
        self.start_both(sender={"policy": "rewrite"})
        mail = self.delivered(OWN + b"Sender: ceo@example.test\r\n" + REST)
        self.assertEqual([x for x in mail.fields("Sender") if "ceo" in x], [])


class Charges(PostfixMilterTest):
    def test_policyd_and_milter_charge_a_message_once(self):
        self.start_both()
        client = self.smtp()
        self.pass_mail(client, 5)
        self.assertEqual(self.used(), [5, 5])
        reply = self.send(client)
        self.assertEqual((reply.code, reply.enhanced), (450, "4.7.28"))

    def test_what_the_milter_refuses_is_refunded(self):
        self.start_both({"messages": ["2/1h"], "recipients": ["9/1h"],
                         "bytes": ["1M/1h"]})
        client = self.smtp()
        for _ in range(6):
            self.assertEqual(self.send(client, text=SPOOF).code, 550)
        for kind in ("messages", "recipients", "bytes"):
            self.assertEqual(self.used(kind=kind), [0], kind)
        self.pass_mail(client, 2)
        self.assertEqual(self.used(), [2])

    def test_the_milter_alone_charges_too(self):
        self.start_alone()
        client = self.smtp(service="alone")
        self.pass_mail(client, 5)
        reply = self.send(client)
        self.assertRegex(str(reply), r"^450 4\.7\.28 Sending limit reached: "
                         r"5 messages in 1 minute; try again after ")
        self.assertEqual(self.used(), [5, 5])

    def test_the_milter_alone_knows_the_other_rules_too(self):
        self.start_alone({"recipients_per_message": 2, "message_size": "20K"},
                         require_tls=True)
        reply = self.send(self.smtp(service="alone"))
        self.assertEqual((reply.code, reply.enhanced), (530, "5.7.0"))
        client = self.smtp(service="alone", tls=True)
        client.command(f"MAIL FROM:<{ALICE}>")
        codes = [client.command(f"RCPT TO:<r{n}@remote.test>").code
                 for n in range(3)]
        self.assertEqual(codes, [250, 250, 452])
        client.command("RSET")
        reply = self.send(client, body="a line of text\n" * 2000)
        self.assertEqual((reply.code, reply.enhanced), (552, "5.3.4"))
        reply = client.mail(BOB, "x@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.1"))
        client.command("RSET")
        self.ctl("lock", ALICE)
        self.assertEqual(self.send(client).enhanced, "5.7.13")

    def test_observe_mode_refuses_nothing_and_says_what_would_be(self):
        self.start_both(mode="observe")
        client = self.smtp()
        self.assertEqual(self.send(client, text=SPOOF).code, 250)
        children.wait_for(
            lambda: any(line.get("would") == "from-not-owned"
                        for line in self.milter.lines("observed")),
            "word of it in the log",
        )

    def test_a_message_id_is_kept_or_added_once(self):
        self.start_both()
        client = self.smtp()
        self.send(client, ALICE, "k@remote.test", message_id="<k@mua.test>")
        self.send(client, ALICE, "n@remote.test", message_id=None)
        kept = self.sink.wait("k@remote.test").fields("Message-ID")
        self.assertEqual(kept, ["<k@mua.test>"])
        added = self.sink.wait("n@remote.test").fields("Message-ID")
        self.assertEqual(len(added), 1)
        self.assertRegex(added[0], r"^<[^<>@\s]+@[^<>@\s]+>$")


class Trouble(PostfixMilterTest):
    def test_a_reload_counts_from_the_next_session_on(self):
        self.start_both()
        client = self.smtp()
        self.assertEqual(self.send(client, text=SPOOF).code, 550)
        self.write_conf(sender={"policy": "rewrite"})
        self.milter.reload()
        self.milter.wait_lines("reloaded")
        self.assertEqual(self.send(self.smtp(), text=SPOOF).code, 250)

    def test_mail_is_deferred_while_the_milter_is_dead(self):
        self.start_both()
        client = self.smtp()
        self.assertEqual(client.mail(ALICE, "kill@remote.test").code, 250)
        self.milter.kill()
        client.command("DATA")
        self.assertEqual(client.body(message()).code // 100, 4)
        reply = self.smtp(None).command(f"MAIL FROM:<{ALICE}>")
        self.assertEqual(reply.code // 100, 4, str(reply))
        self.milter.start()
        reply = self.send(self.smtp(), ALICE, "kill@remote.test")
        self.assertEqual(reply.code, 250, str(reply))
        self.sink.wait("kill@remote.test")
        self.assertEqual(len(self.sink.to("kill@remote.test")), 1)

    def test_records_that_cannot_be_read_defer_their_account_alone(self):
        self.start_alone()
        self.ctl("set", BOB, "language=et")
        self.milter.stop()
        data, bob = self.state / "accounts" / "data.mdb", BOB.encode()
        before = data.read_bytes()
        self.assertIn(bob + b"\1", before)
        data.write_bytes(before.replace(bob + b"\1", bob + b"\0"))
        self.milter.start()
        client = self.smtp(BOB, service="alone")
        reply = self.send(client, BOB, "bobs@remote.test")
        self.assertEqual((reply.code, reply.enhanced), (451, "4.3.0"),
                         str(reply))
        self.pass_mail(self.smtp(service="alone"), 1)
        self.milter.wait_lines("record-failed")
        self.assertEqual(self.sink.to("bobs@remote.test"), [])
