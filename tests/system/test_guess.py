# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Who has not proven an app password learns nothing, and is counted."""

import math
import random
import statistics
import string
import time

from postern_site import children, mail, site
from postern_site.case import ALICE, BOB
from postern_site.sasl import Sasl

import test_login

STRANGER = "stranger@example.test"
TRIES = 2000


def wrong_secret():
    return "".join(random.choices(string.ascii_lowercase, k=24))


def welch(one, other):
    """Welch's t: beyond about 4.5 two means differ for sure."""
    spread = statistics.variance(one) / len(one)
    spread += statistics.variance(other) / len(other)
    return (statistics.mean(one) - statistics.mean(other)) / math.sqrt(spread)


def trimmed(times):
    """Without the slowest twentieth, which is other work of the machine."""
    return sorted(times)[: len(times) * 19 // 20]


def at_once():
    """A passdb that has failures answered without Dovecot's own delay."""
    if mail.version() < (2, 4):
        return (
            "passdb {\n  driver = static\n"
            "  args = nodelay=y noauthenticate=y\n}\n"
        )
    return (
        "passdb quick {\n  driver = static\n"
        "  fields {\n    nodelay = yes\n    noauthenticate = yes\n  }\n}\n"
    )


class GuessTest(test_login.LoginTest):
    def start_mail(self, free=None, first="", **settings):
        options = {"socket": self.dir / "auth", "first": at_once() + first}
        return super().start_mail(free, dovecot=options, **settings)

    def sasl(self):
        client = Sasl(self.dovecot.socket)
        self.addCleanup(client.close)
        return client


class Answers(GuessTest):
    def test_same_answer_whoever_is_guessed(self):
        self.start_mail()
        self.enable(ALICE)
        self.enable(BOB)
        self.ctl("disable", BOB)
        self.enable("carol@example.test")
        self.ctl("block", "carol@example.test", "--reason", "abuse")
        self.enable("dave@example.test")
        self.ctl("set", "dave@example.test", "status=inactive")
        names = (ALICE, BOB, "carol@example.test", "dave@example.test",
                 "erin@example.test", STRANGER, "@", "a@b@", "x" * 300)
        sasl = self.sasl()
        for service in ("imap", "pop3", "smtp"):
            answers = set()
            for name in names:
                reply = sasl.login(name, wrong_secret(), service=service)
                fields = dict(reply.fields)
                self.assertEqual(fields.pop("user", name), name)
                answers.add((reply.word, *sorted(fields.items())))
            self.assertEqual(len(answers), 1, answers)

    def test_hostile_names_and_passwords_are_wrong_and_no_more(self):
        self.start_mail()
        password = self.enable()
        sasl = self.sasl()
        names = ["*@example.test", "%@example.test", "?lice@example.test",
                 "alice@example.test\0", "alice@example.test\r\nx",
                 "alice\0@example.test", "x" * 1024, "x" * 1024 + "@" + ALICE,
                 "alice@" + "d" * 1000, b"\xff\xfe@example.test", "", " ",
                 "alice @example.test", "alice@example.test\tuser=bob",
                 "%{user}@example.test", "../../etc/passwd", "'; --",
                 "alice@@example.test", "\N{CYRILLIC SMALL LETTER A}" + ALICE]
        for name in names:
            with self.subTest(name=name):
                reply = sasl.login(name, password)
                self.assertEqual(reply.word, "FAIL")
                self.assertEqual(reply.reason, "")
        secrets = ["", "-", " " * 5000, "x" * 6000, b"\xff" * 24, "\1\2\3",
                   password + "\r\n", password + "\ttab", "%{user}", "*"]
        for secret in secrets:
            with self.subTest(secret=secret):
                self.assertEqual(sasl.login(ALICE, secret).word, "FAIL")
        self.assertTrue(sasl.login(ALICE, password).ok)

    def test_time_does_not_tell_whether_there_is_an_account(self):
        self.start_mail({"guesses": "unlimited"})
        names = {"unknown": [], "wrong": [], "ended": [], "unnamed": []}
        for number in range(20):
            name = f"n{number}@example.test"
            names["unknown"].append(f"u{number}@example.test")
            names["unnamed"].append(f"n{number}@example.test@")
            names["wrong"].append(name)
            self.enable(name)
            ended = f"e{number}@example.test"
            names["ended"].append(ended)
            self.enable(ended)
            self.ctl("disable", ended)
        times = self.measure(names)
        wrong = trimmed(times.pop("wrong"))
        for kind, others in times.items():
            with self.subTest(kind=kind):
                self.assertLess(abs(welch(wrong, trimmed(others))), 4.5)

    def measure(self, names):
        """Kind -> seconds of each try; kinds follow each other at random."""
        sasl = self.sasl()
        times = {kind: [] for kind in names}
        order = list(names)
        for number in range(TRIES + 50):
            random.shuffle(order)
            for kind in order:
                name, secret = random.choice(names[kind]), wrong_secret()
                start = time.perf_counter()
                reply = sasl.login(name, secret)
                took = time.perf_counter() - start
                self.assertEqual(reply.word, "FAIL")
                if number >= 50:
                    times[kind].append(took)
        return times


class Counting(GuessTest):
    def guess(self, count, login=ALICE, secret=None):
        sasl = self.sasl()
        for _ in range(count):
            reply = sasl.login(login, secret or wrong_secret())
            self.assertEqual((reply.word, reply.reason), ("FAIL", ""))

    def wait_for_reason(self, password, pattern):
        sasl = self.sasl()
        children.wait_for(
            lambda: pattern in sasl.login(ALICE, password).reason,
            f"refusal with {pattern!r}",
        )

    def test_many_wrong_passwords_block_the_account_as_cracked(self):
        self.start_mail({"guesses": "5/1h"})
        password = self.enable()
        self.guess(5)
        self.wait_for_reason(password, "change your main password")
        with self.policy() as policy:
            action = policy.send_message(ALICE)
        self.assertRegex(action, "^550 5.7.13 .* change your main password")
        children.wait_for(
            lambda: "cracked" in self.ctl("account", "show", ALICE).out,
            "block in the account's record",
        )

    def test_block_is_honoured_before_policyd_has_seen_it(self):
        self.start_mail({"guesses": "5/1h"})
        password = self.enable()
        self.daemon.end()
        self.guess(5)
        self.wait_for_reason(password, "change your main password")

    def test_a_forgotten_phone_blocks_nobody(self):
        self.start_mail({"guesses": "5/1h"})
        password = self.enable()
        self.guess(20, secret=wrong_secret())
        self.guess(20, secret=site.PASSWORD)
        time.sleep(1.5)
        self.assertTrue(self.sasl().login(ALICE, password).ok)

    def test_guesses_at_strangers_leave_nothing_in_the_state(self):
        self.start_mail()
        sasl = self.sasl()
        for number in range(300):
            sasl.login(f"s{number}@example.test", wrong_secret())
        time.sleep(1.5)
        dump = self.ctl("dump").out
        self.assertNotIn("s1@example.test", dump)
        self.assertNotIn("s299@example.test", dump)

    def test_none_is_lost_in_a_flood(self):
        self.start_mail({"guesses": "20/1h"})
        password = self.enable()
        clients = [self.sasl() for _ in range(8)]
        for number in range(2400):
            name = ALICE if number % 100 == 7 else f"s{number}@example.test"
            clients[number % 8].send(name, wrong_secret())
        for number in range(2400):
            self.assertEqual(clients[number % 8].read().word, "FAIL")
        self.wait_for_reason(password, "change your main password")
