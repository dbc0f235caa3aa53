# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Bounces as evidence: what proves that an account was cracked, and what
strangers cannot prove."""

import re
import uuid

from postern_site import children, reports
from postern_site.case import ALICE, BOB
from postern_site.milter_case import PostfixMilterTest, SessionTest, message
from postern_site.milter_mta import HEADERS, Cleanup, parts
from postern_site.patience import PATIENCE

# A plan without limits, so that only bounces can end anything.
FREE = {"messages": ["1000/1h"], "bounce_min": "5/1d", "bounce_share": 30}
OUR_HOST = "mx.example.test"
NO_MILTER = "connect to Milter service"


class BounceTest(PostfixMilterTest):
    def reason(self, login=ALICE):
        """Why LOGIN is blocked, or ""."""
        rows = self.ctl_json("account", "list")
        return "".join(x["block"] or "" for x in rows if x["login"] == login)

    def bounced(self, login=ALICE):
        """How many recipients bounced, as far as that is proven."""
        said = self.posternctl().run("explain", login).out
        found = re.search(r"(\d+) of \d+ recipients? that mail", said)
        return int(found.group(1))

    def write_to(self, client, *recipients, sender=ALICE, **fields):
        """A message of ALICE's; its Message-ID."""
        number = f"<{uuid.uuid4()}@mua.test>"
        reply = self.send(client, sender, *recipients, message_id=number,
                          **fields)
        self.assertEqual(reply.code, 250, str(reply))
        return number

    def bounce(self, *texts, to=ALICE, sender=""):
        """What comes from outside; all of it is delivered on return."""
        client = self.smtp(None, "mx", helo="mx.remote.test")
        before = len(self.sink.to(to))
        for text in texts:
            reply = client.send(sender, to, text=text)
            self.assertEqual(reply.code, 250, str(reply))
        client.close()
        self.sink.wait(to, before + len(texts), PATIENCE + len(texts) / 10)

    def assert_cracked(self, login=ALICE):
        children.wait_for(lambda: self.reason(login) == "cracked",
                          f"block of {login}")

    def sent_to(self, count, client=None):
        """COUNT messages to one recipient each: Message-ID, recipient."""
        client = client or self.smtp()
        return [
            (self.write_to(client, f"r{n}@remote.test"), f"r{n}@remote.test")
            for n in range(count)
        ]


class Cracked(BounceTest):
    def test_own_mail_that_our_mta_bounces_blocks_the_account(self):
        free = {"messages": ["1000/1h"]}  # with the default 25/1d and 30 %
        self.start_both(free)
        self.ctl("enable", ALICE)
        client = self.smtp()
        for number in range(24):
            self.write_to(client, f"nobody{number}@remote.test")
        self.sink.wait(ALICE, 24)
        self.assertEqual(self.reason(), "")
        self.write_to(client, "nobody24@remote.test")
        self.assert_cracked()
        self.sink.wait(ALICE, 25)
        (row,) = self.ctl_json("password", "list", ALICE, "--all")
        self.assertEqual((row["ending"], row["block"]),
                         ("blocked", "cracked"))
        (entry,) = [row for row in self.ctl_json("history", ALICE)
                    if row["what"] == "block"]
        self.assertIn("cracked", entry["detail"])
        reply = self.send(client)
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.13"))
        self.assertIn("change your main password", reply.text)
        again = self.posternctl().run("enable", ALICE)
        self.assertNotEqual(again.code, 0)
        self.ctl("password-changed", ALICE)
        self.ctl("enable", ALICE)
        self.assertEqual(self.reason(), "")

    def test_late_bounces_do_not_block_an_owner_who_came_back(self):
        self.start_both(FREE)
        self.ctl("enable", ALICE)
        late = self.sent_to(7)
        texts = [reports.report(ALICE, [to], number) for number, to in late]
        self.bounce(*texts[:5])
        self.assert_cracked()
        self.ctl("password-changed", ALICE)
        self.ctl("enable", ALICE)
        sent = self.sent_to(5)
        self.bounce(*texts[5:])
        self.assertEqual((self.bounced(), self.reason()), (0, ""))
        self.bounce(*(reports.report(ALICE, [to], number)
                      for number, to in sent))
        self.assert_cracked()

    def test_many_bounces_of_much_more_mail_are_no_crack(self):
        self.start_both({**FREE, "bounce_share": 30})
        client = self.smtp()
        good = [f"r{number}@remote.test" for number in range(40)]
        bad = [f"nobody{number}@remote.test" for number in range(10)]
        self.write_to(client, *good)
        self.write_to(client, *bad)
        self.sink.wait(ALICE, 1)
        self.assertEqual(self.reason(), "")
        worse = [f"nobody{number}@remote.test" for number in range(10, 30)]
        self.write_to(client, *worse)
        self.assert_cracked()

    def test_a_remote_servers_reports_count_if_tied_to_own_mail(self):
        self.start_both(FREE)
        sent = self.sent_to(5)
        texts = [reports.report(ALICE, [to], number) for number, to in sent]
        self.bounce(*texts[:4])
        self.assertEqual((self.bounced(), self.reason()), (4, ""))
        self.bounce(texts[4])
        self.assert_cracked()

    def test_a_message_id_that_the_milter_added_is_known_too(self):
        self.start_both({**FREE, "bounce_min": "1/1d"})
        reply = self.send(self.smtp(), ALICE, "r@remote.test",
                          message_id=None)
        self.assertEqual(reply.code, 250, str(reply))
        mail = self.sink.wait("r@remote.test")
        (number,) = mail.fields("Message-ID")
        self.bounce(reports.report(ALICE, ["r@remote.test"], number))
        self.assert_cracked()

    def test_webmail_is_evidence_too(self):
        self.start_both(FREE)
        sent = self.sent_to(5, self.smtp(source="127.0.0.9"))
        self.bounce(*(reports.report(ALICE, [to], number)
                      for number, to in sent))
        self.assert_cracked()

    def test_observe_mode_only_says_so(self):
        self.start_both(FREE, mode="observe")
        sent = self.sent_to(5)
        self.bounce(*(reports.report(ALICE, [to], number)
                      for number, to in sent))
        children.wait_for(lambda: "cracked" in self.milter.text(),
                          "word of it in the log")
        self.assertEqual(self.reason(), "")

    def test_a_bounce_is_not_lost_while_the_milter_is_dead(self):
        self.start_both({**FREE, "bounce_min": "1/1d"})
        self.sink.hold()
        self.addCleanup(self.sink.release)
        client = self.smtp()
        self.write_to(client, "nobody@remote.test")
        client.close()
        self.milter.kill()
        seen = self.site.postfix.log_text().count(NO_MILTER)
        self.sink.release()
        children.wait_for(
            lambda: self.site.postfix.log_text().count(NO_MILTER) > seen,
            "try to bounce",
        )
        self.assertEqual(self.sink.to(ALICE), [])
        self.milter.start()
        self.assert_cracked()
        self.sink.wait(ALICE)


class Strangers(BounceTest):
    def assert_nothing_proven(self, *texts, by_chance=0, **options):
        """Of a recipient only a bit is known: others may share it."""
        before = self.bounced()
        self.bounce(*texts, **options)
        self.assertEqual(self.reason(), "")
        self.assertLessEqual(self.bounced() - before, by_chance)

    def test_a_storm_of_forged_reports_blocks_nobody(self):
        self.start_both(FREE)
        self.sent_to(6)
        texts = []
        for number in range(300):
            texts.append(reports.report(
                ALICE,
                [f"r{number % 6}@remote.test"],
                f"<{number}@mua.test>" if number % 3 else None,
                # Also as if our own server had written it.
                mta=("mx.example.test", "mx.remote.test")[number % 2],
            ))
        self.assert_nothing_proven(*texts)

    def test_who_never_sent_cannot_be_blocked(self):
        self.start_both(FREE)
        self.assert_nothing_proven(
            *(reports.report(BOB, [f"r{n}@remote.test"], f"<{n}@mua.test>")
              for n in range(10)),
            to=BOB,
        )
        self.assertEqual(self.reason(BOB), "")

    def test_who_got_a_message_proves_one_bounce_at_most(self):
        self.start_both(FREE)
        (number, to), *_rest = self.sent_to(6)
        self.bounce(*[reports.report(ALICE, [to], number)] * 20)
        every = [f"r{n}@remote.test" for n in range(6)]
        self.bounce(*[reports.report(ALICE, every, number)] * 5)
        self.assertEqual((self.bounced(), self.reason()), (1, ""))

    def test_mail_of_another_account_proves_nothing(self):
        self.start_both(FREE)
        bob = self.smtp(BOB)
        sent = [
            (self.write_to(bob, f"r{n}@remote.test", sender=BOB),
             f"r{n}@remote.test")
            for n in range(6)
        ]
        self.sent_to(6)
        self.assert_nothing_proven(
            *(reports.report(ALICE, [to], number) for number, to in sent)
        )

    def test_forwards_vacations_lists_and_delays_prove_nothing(self):
        self.start_both({**FREE, "bounce_min": "9/1d"})
        sent = self.sent_to(6)
        vacation = message(
            "r0@remote.test", to=ALICE, auto_submitted="auto-replied",
            in_reply_to=sent[0][0], subject="Away until Monday",
        )
        for name, texts in {
            "forward": [reports.report(ALICE, ["far@away.test"], number)
                        for number, _to in sent],
            "vacation": [vacation] * 6,
            "mailing list": [
                reports.report(ALICE, ["member@away.test"], number,
                               original=to,
                               returned="List-Id: <l.remote.test>\n")
                for number, to in sent
            ],
            "delay": [
                reports.report(ALICE, [to], number, action="delayed",
                               status="4.4.1")
                for number, to in sent
            ],
            "delivered": [
                reports.report(ALICE, [to], number, action="delivered",
                               status="2.0.0")
                for number, to in sent
            ],
        }.items():
            with self.subTest(kind=name):
                self.assert_nothing_proven(*texts, by_chance=3)
        # The same reports of the recipients themselves would have proven it.
        self.bounce(*(reports.report(ALICE, [to], number)
                      for number, to in sent))
        self.assertGreaterEqual(self.bounced(), 6)

    def test_a_report_with_a_sender_proves_nothing(self):
        self.start_both(FREE)
        sent = self.sent_to(6)
        self.assert_nothing_proven(
            *(reports.report(ALICE, [to], number) for number, to in sent),
            sender="mallory@remote.test",
        )

    def test_a_message_that_was_refused_proves_nothing(self):
        self.start_both(FREE)
        client = self.smtp()
        ids = [f"<refused{n}@mua.test>" for n in range(6)]
        for number in ids:
            reply = self.send(client, ALICE, "r@remote.test",
                              message_id=number,
                              **{"from": "ceo@example.test"})
            self.assertEqual(reply.code, 550, str(reply))
        self.assert_nothing_proven(
            *(reports.report(ALICE, ["r@remote.test"], x) for x in ids)
        )

    def test_the_storm_itself_is_delivered_whatever_it_says(self):
        self.start_both(FREE)
        odd = (
            "Content-Type: multipart/report; boundary=x\n\n--x\n--x\n--x--\n",
            "Content-Type: multipart/report\n\n",
            "Content-Type: multipart/report; report-type=delivery-status;"
            " boundary=\"" + "b" * 2000 + "\"\n\n",
            "\n" + "--x\n" * 5000,
        )
        self.assert_nothing_proven(*odd)


class OurOwn(SessionTest):
    """What comes over no connection: our MTA's reports, or a local program."""

    def sent_to(self, count):
        """COUNT messages to one recipient each: Message-ID, recipient."""
        session, sent = self.session(), []
        for n in range(count):
            sent.append((f"<{n}@mua.test>", f"r{n}@remote.test"))
            fields = dict(HEADERS, **{"Message-ID": sent[-1][0]})
            reply = session.send(ALICE, sent[-1][1], headers=fields.items())
            self.assertTrue(reply.passes, str(reply))
        return sent

    def inject(self, text):
        headers, body = parts(text)
        with Cleanup(self.milter_socket) as session:
            reply = session.send("", ALICE, headers=headers, body=body)
        self.assertTrue(reply.passes, str(reply))

    def reason(self):
        rows = self.ctl_json("account", "list")
        return "".join(x["block"] or "" for x in rows if x["login"] == ALICE)

    def test_reports_of_mail_that_is_long_forgotten_count(self):
        self.start_alone({**FREE, "bounce_share": 1})
        for number, to in self.sent_to(80)[:5]:
            self.assertEqual(self.reason(), "")
            self.inject(reports.report(ALICE, [to], number, mta=OUR_HOST))
        children.wait_for(lambda: self.reason() == "cracked", "block")

    def test_reports_without_a_message_id_prove_nothing(self):
        self.start_alone({**FREE, "bounce_share": 1})
        sent = self.sent_to(80)
        for _number, to in sent[:10] + sent[-10:]:
            self.inject(reports.report(ALICE, [to], None, mta=OUR_HOST))
        self.assertEqual(self.reason(), "")
        said = self.posternctl().run("explain", ALICE).out
        self.assertIn("0 of 80 recipients", said)

    def test_a_local_program_cannot_invent_message_ids(self):
        self.start_alone(FREE)
        for _number, to in self.sent_to(6):
            self.inject(reports.report(ALICE, [to], "<no@mua.test>",
                                       mta=OUR_HOST))
        self.assertEqual(self.reason(), "")
