# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The example plans do what they say."""

import time

from postern_site import children, milter_case, site
from postern_site.case import ALICE, DovecotTest, PostfixTest
from postern_site.keeper_case import NoticeTest
from postern_site.plan_case import (
    DAY, EXAMPLES, HOUR, MEGABYTE, PLANS, PlanTest, put,
)
from postern_site.times import told_time

ANN = "ann@example.com"


class Files(PlanTest):
    def check(self, *names):
        """With postern.conf as it is shipped, and the plan it proposes."""
        home = self.dir / "-".join(names)
        home.mkdir(parents=True)
        self.conf = home / "postern.conf"
        put(self.conf, *names)
        text = (EXAMPLES / "postern.conf").read_text()
        self.assertIn("#plan premium {", text)
        self.conf.write_text(text + "plan premium { }\n")
        return self.ctl_json("check-config")[0]

    def test_each_is_without_mistakes_beside_the_shipped_configuration(self):
        names = sorted(file.stem for file in PLANS.glob("*"))
        self.assertEqual(len(names), 6)
        for name in names:
            with self.subTest(name):
                self.assertEqual(self.check(name)["result"], "ok")

    def test_all_of_them_go_into_one_configuration(self):
        names = sorted(file.stem for file in PLANS.glob("*.conf"))
        row = self.check(*names)
        self.assertEqual(row["result"], "ok")
        for plan in ("basic", "paid", "traffic", "small", "aliases",
                     "smtp-apart", "mass-mailer"):
            self.assertIn(plan, row["plans"])


class FreeMail(PlanTest, NoticeTest):
    FILE = "free-mail"
    PLAN = "basic"

    def test_5_messages_a_minute_and_15_an_hour(self):
        self.use_clock()
        self.start()
        policy = self.policy()
        for _ in range(2):
            self.pass_and_refuse(policy, 5, "5 messages in 1 minute")
            self.clock.advance(61)
        action = self.pass_and_refuse(policy, 5, "15 messages in 1 hour")
        self.assertRegex(action, r"^450 4\.7\.28 ")
        told = told_time(action, self.clock.now())
        self.clock.advance(told - self.clock.now() + 1)
        self.accept(policy, 5)

    def test_30_a_minute_and_500_a_day_for_who_pays(self):
        self.use_clock()
        self.start()
        self.ctl("set", ALICE, "plan=paid")
        self.clock.advance(2 * DAY + 1)
        policy = self.policy()
        for _ in range(16):
            self.pass_and_refuse(policy, 30, "30 messages in 1 minute")
            self.clock.advance(61)
        self.pass_and_refuse(policy, 20, "500 messages in 1 day")

    def test_imap_is_for_who_pays_two_days_later(self):
        self.use_clock()
        self.start()
        (row,) = self.ctl_json("enable", ALICE)
        self.assertEqual(row["protocols"], "pop3,smtp")
        wanted = ("enable", ALICE, "--protocols", "imap,pop3,smtp")
        refused = self.posternctl().run(*wanted)
        self.assertNotEqual(refused.code, 0)
        self.assertIn("imap", refused.err)
        self.ctl("set", ALICE, "plan=paid")
        self.assertIn("paid", self.explained())
        self.assertNotEqual(self.posternctl().run(*wanted).code, 0)
        self.clock.advance(2 * DAY - 60)
        self.assertNotEqual(self.posternctl().run(*wanted).code, 0)
        self.clock.advance(61)
        self.ctl(*wanted)

    def test_two_months_without_use_end_access(self):
        self.use_clock()
        self.start(notice=False)
        self.ctl("enable", ALICE)
        self.clock.advance(59 * DAY)
        self.ctl("sweep")
        self.assertEqual(self.account()["block"], None)
        self.clock.advance(DAY + HOUR)
        self.ctl("sweep")
        self.assertEqual(self.account()["block"], "unused")
        self.ctl("enable", ALICE)
        self.assertEqual(self.account()["block"], None)


class FreeMailReading(PlanTest, DovecotTest):
    FILE = "free-mail"
    PLAN = "basic"

    def start_mail(self, **options):
        self.use_clock()
        super().start_mail(**options)

    def test_a_quarter_of_an_hour_until_access_works(self):
        self.start_mail()
        password = self.enable()
        reply = self.pop3().login(ALICE, password)
        self.assertEqual((reply.ok, reply.code), (False, "SYS/TEMP"))
        self.assertIn("just switched on", reply.text)
        self.clock.advance(15 * 60 + 1)
        self.pop3(ALICE, password).quit()

    def test_a_look_for_new_mail_in_5_minutes_by_pop3(self):
        self.start_mail()
        password = self.enable()
        self.clock.advance(15 * 60 + 1)
        self.pop3(ALICE, password).quit()
        self.clock.advance(4 * 60 + 50)
        reply = self.pop3().login(ALICE, password)
        self.assertEqual((reply.ok, reply.code), (False, "LOGIN-DELAY"))
        self.clock.advance(11)
        self.pop3(ALICE, password).quit()

    def test_a_look_for_new_mail_in_5_minutes_by_imap(self):
        self.start_mail()
        self.ctl("set", ALICE, "plan=paid")
        self.clock.advance(2 * DAY + 1)
        password = self.enable()
        self.clock.advance(15 * 60 + 1)
        self.dovecot.deliver(ALICE)
        self.assertEqual(self.imap(ALICE, password).exists(), 1)
        self.dovecot.deliver(ALICE)
        self.clock.advance(4 * 60 + 50)
        self.assertEqual(self.imap(ALICE, password).exists(), 1)
        self.clock.advance(11)
        self.assertEqual(self.imap(ALICE, password).exists(), 2)


class Traffic(PlanTest, PostfixTest):
    FILE = "traffic"

    def test_100_recipients_in_a_message(self):
        self.start()
        self.refuse_recipient(self.smtp(), 100)

    def test_25_megabytes_in_a_message(self):
        self.start()
        self.refuse_size(25 * MEGABYTE)


class TrafficReading(PlanTest, DovecotTest):
    FILE = "traffic"

    def test_15_sessions_at_a_time(self):
        self.start_mail()
        password = self.enable()
        # Dovecot has a limit of its own, for each address.
        for number in range(15):
            self.imap(ALICE, password, source=f"127.0.0.{2 + number % 3}")
        children.wait_for(
            lambda: self.tool("usage", ALICE)[1] == "15", "count of sessions")
        answer = self.imap().login(ALICE, password)
        self.assertEqual((answer.status, answer.code), ("NO", "LIMIT"))
        self.assertIn("at most 15", answer.text)
        self.imap(ALICE, site.PASSWORD, source="127.0.0.9")

    def check_traffic(self, name, megabytes):
        """Of NAME, down or up; and that it is over after a day."""
        self.use_clock()
        self.start_mail()
        password = self.enable()
        session = self.mail_session()
        reply = session.traffic(**{name: (megabytes - 1) * MEGABYTE})
        self.assertEqual(reply["action"], "ok", reply)
        self.imap(ALICE, password).close()
        reply = session.traffic(**{name: MEGABYTE + 1})
        if reply["action"] == "ok":
            reply = session.news()
        self.assertEqual((reply["action"], reply["reason"]),
                         ("close", "traffic"), reply)
        answer = self.imap().login(ALICE, password)
        self.assertEqual((answer.status, answer.code), ("NO", "LIMIT"))
        self.assertIn(f"{megabytes}M in 1 day", answer.text)
        self.imap(ALICE, site.PASSWORD, source="127.0.0.9").close()
        self.clock.advance(DAY + HOUR)
        self.imap(ALICE, password)

    def test_2500_megabytes_down_a_day(self):
        self.check_traffic("down", 2500)

    def test_500_megabytes_up_a_day(self):
        self.check_traffic("up", 500)


class Small(PlanTest, PostfixTest):
    FILE = "small"

    def test_30_recipients_in_a_message(self):
        self.start()
        self.refuse_recipient(self.smtp(), 30)

    def test_30_megabytes_in_a_message(self):
        self.start()
        self.refuse_size(30 * MEGABYTE)

    def test_no_limit_on_how_many_messages(self):
        self.start()
        with self.policy() as policy:
            self.accept(policy, 200)


class Aliases(PlanTest, milter_case.SessionTest):
    FILE = "aliases"

    def test_90_a_day_and_then_4_an_hour_for_two_days(self):
        self.use_clock()
        self.start()
        policy = self.policy()
        for _ in range(9):
            self.accept(policy, 10, ANN)
            self.clock.advance(HOUR + 1)
        begun = self.clock.now()
        for _ in range(3):
            action = self.pass_and_refuse(policy, 4, "4 messages in 1 hour",
                                          ANN)
            self.assertRegex(action, r"^450 4\.7\.28 ")
            self.clock.advance(HOUR + 1)
        self.assertRegex(self.explained(ANN),
                         r"penalty +\d of 4 in 1 hour, until \S")
        reasons = {x["reason"] for x in self.daemon.lines("refused")}
        self.assertEqual(reasons, {"penalty"})
        self.clock.advance(begun + 2 * DAY + 1 - self.clock.now())
        self.accept(policy, 80, ANN)

    def test_the_login_in_each_domain_with_any_tag_is_owned(self):
        self.start_both()
        policy = self.policy()
        for address, owned in (
            (ANN, True),
            ("ann@example.net", True),
            ("ann@example.org", True),
            ("ann+lists@example.com", True),
            ("ann+2026@example.org", True),
            ("bob@example.net", False),
            ("ann@example.edu", False),
            ("ann-lists@example.com", False),
        ):
            with self.subTest(address):
                action = policy.send_message(ANN, sender=address)
                self.assertEqual(action == "DUNNO", owned, action)
                session = self.session(login=ANN)
                headers = (("From", address), *milter_case.HEADERS[1:])
                reply = session.send(ANN, headers=headers)
                self.assertEqual(reply.passes, owned, str(reply))


class SmtpApart(PlanTest, DovecotTest):
    FILE = "smtp-apart"
    POSTFIX = True

    def test_sending_is_switched_on_by_itself(self):
        self.start_mail()
        password = self.enable(ALICE, "--protocols", "imap,pop3")
        self.imap(ALICE, password).close()
        self.pop3(ALICE, password).quit()
        reply = self.smtp().auth(ALICE, password)
        self.assertEqual(reply.code, 535)
        self.assertIn("SMTP is not switched on", reply.text)
        self.ctl("enable", ALICE, "--protocols", "imap,pop3,smtp")
        reply = self.smtp().auth(ALICE, password)
        self.assertEqual(reply.code, 535)
        self.assertIn("not for SMTP", reply.text)
        (row,) = self.ctl_json("password", "create", ALICE, "--protocols",
                               "smtp")
        client = self.smtp(ALICE, row["password"])
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 250)

    def test_nothing_is_on_by_itself(self):
        self.start_mail()
        self.assertEqual(self.smtp().auth(ALICE, site.PASSWORD).code, 535)
        self.assertEqual(self.imap().login(ALICE, site.PASSWORD).status, "NO")

    def test_the_envelope_sender_is_the_login(self):
        self.start_mail()
        client = self.smtp(ALICE, self.enable())
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 250)
        for sender in ("alice+tag@example.test", "bob@example.test",
                       "alice@example.net"):
            reply = client.send(sender, "x@remote.test")
            self.assertEqual((reply.code, reply.enhanced), (550, "5.7.1"))


class SmtpApartHeaders(PlanTest, milter_case.SessionTest):
    FILE = "smtp-apart"

    def test_from_and_sender_are_the_login(self):
        self.start_both()
        rest = milter_case.HEADERS[1:]
        for headers in (
            (("From", "Alice <alice@example.test>"),),
            (("From", ALICE), ("Sender", ALICE)),
        ):
            self.passes(self.session(), headers=(*headers, *rest))
        for headers in (
            (("From", "alice+tag@example.test"),),
            (("From", "bob@example.test"),),
            (("From", f"{ALICE}, bob@example.test"),),
            (("From", f"{ALICE}, {ALICE}"),),
            (("From", ALICE), ("Sender", "bob@example.test")),
            (("From", f'"ceo@example.test" <{ALICE}>'),),
        ):
            with self.subTest(headers):
                self.refuses(self.session(), headers=(*headers, *rest))


class MassMailer(PlanTest, NoticeTest):
    FILE = "mass-mailer"

    def send(self, policy, count):
        """COUNT whole messages, as fast as they are asked about."""
        for number in range(count):
            action = policy.ask(ALICE)
            self.assertEqual(action, "DUNNO", f"message {number + 1}")

    def left(self):
        """Of the windows: seconds -> what is left."""
        rows = self.ctl_json("quota", ALICE)
        return [x["left"] for x in rows if x["kind"] == "messages"]

    def begin(self):
        self.use_clock()
        self.start()
        self.ctl("enable", ALICE)

    def test_500_an_hour_and_3000_a_day_with_what_is_left_shown(self):
        self.begin()
        policy = self.policy()
        self.send(policy, 120)
        self.assertEqual(self.left(), [380, 2880])
        shown = self.ctl("quota", ALICE).out
        for word in ("380", "2880", "500", "3000"):
            self.assertIn(word, shown)
        self.send(policy, 380)
        self.assertIn("500 messages in 1 hour", policy.ask(ALICE))
        self.assertEqual(self.left(), [0, 2500])
        for _ in range(5):
            self.clock.advance(HOUR + 60)
            self.send(policy, 500)
        self.clock.advance(HOUR + 60)
        self.assertIn("3000 messages in 1 day", policy.ask(ALICE))
        self.assertEqual(self.left(), [500, 0])

    def test_the_owner_is_told_once_at_80_percent_of_the_day(self):
        self.begin()
        policy = self.policy()
        for count in (500, 500, 500, 500, 399):
            self.send(policy, count)
            self.clock.advance(HOUR + 60)
        time.sleep(0.6)
        self.assertNotIn("limit-soon", self.kinds())
        self.send(policy, 1)
        self.told_once()
        self.send(policy, 400)
        self.told_once()

    def kinds(self):
        """Of the notices in the outbox."""
        return [row["notice"] for row in self.outbox()]

    def told_once(self):
        """policyd has marked it, and carries it over a moment later."""
        children.wait_for(lambda: "limit-soon" in self.kinds(), "notice")
        self.assertEqual(self.kinds().count("limit-soon"), 1)

    def test_trying_on_is_no_reason_to_end_access(self):
        self.begin()
        policy = self.policy()
        self.send(policy, 500)
        for _ in range(120):
            self.assertIn("500 messages", policy.ask(ALICE))
        self.ctl("sweep")
        self.assertEqual(self.account()["block"], None)

    def test_sending_is_all_that_can_be_switched_on(self):
        self.begin()
        self.assertEqual(self.account()["protocols"], "smtp")
        for name in ("imap", "pop3"):
            wanted = ("enable", ALICE, "--protocols", name)
            self.assertNotEqual(self.posternctl().run(*wanted).code, 0)
