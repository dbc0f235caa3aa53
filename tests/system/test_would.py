# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What observe mode notes behind a real Postfix, and limits chosen from it."""

from postern_site.case import ALICE, BOB, PostfixTest
from postern_site.milter_case import PostfixMilterTest, message

SPOOF = message("Boss <ceo@example.test>")
TRIAL = {"messages": ["5/1m", "15/1h"], "recipients_per_message": 2}


def short(rows):
    """Rows without their times, for comparing."""
    names = ("login", "reason", "limit", "messages", "peak", "enough")
    return [tuple(row[name] for name in names) for row in rows]


def chosen(rows):
    """A plan's keys: the highest of what would do, for each limit."""
    best = {}
    for row in rows:
        if row["enough"] is None:
            continue
        limit = row["limit"]
        if limit not in best or row["peak"] > best[limit]["peak"]:
            best[limit] = row
    windows = [row["enough"] for row in best.values() if "/" in row["limit"]]
    single = [row for row in best.values() if "/" not in row["limit"]]
    keys = {row["reason"].replace("-", "_"): int(row["enough"])
            for row in single}
    return {"messages": windows, **keys}


class Choosing(PostfixMilterTest):
    """Policyd and milter, both of which see each message."""

    def burst(self, client, count, sender):
        self.pass_mail(client, count, sender)
        self.clock.advance(120)

    def traffic(self):
        """Alice sends 18 messages in bursts of 6, bob 7 and some to many."""
        alice, bob = self.smtp(ALICE), self.smtp(BOB)
        for _ in range(3):
            self.burst(alice, 6, ALICE)
        self.burst(bob, 7, BOB)
        self.pass_mail(bob, 2, BOB, *(f"r{n}@remote.test" for n in range(4)))

    def restart(self, free, **settings):
        self._stop_daemon()
        self._stop_milter()
        self.write_conf(free, **settings)
        self.start_daemon()
        self.start_milter()

    def test_limits_from_what_was_observed_let_exactly_that_pass(self):
        self.use_clock()
        self.start_both(TRIAL, mode="observe")
        self.traffic()
        self.assertEqual(self.send(self.smtp(BOB), BOB, text=SPOOF).code, 250)
        rows = self.ctl_json("would")
        self.assertEqual(short(rows), [
            (BOB, "quota", "5/1m", 2, 7, "7/1m"),
            (BOB, "recipients-per-message", "2", 2, 4, "4"),
            (BOB, "from-not-owned", None, 1, None, None),
            (ALICE, "quota", "5/1m", 2, 6, "6/1m"),
            (ALICE, "quota", "15/1h", 1, 18, "18/1h"),
        ])
        limits = chosen(rows)
        self.assertEqual(limits, {"messages": ["7/1m", "18/1h"],
                                  "recipients_per_message": 4})
        self.restart(limits)
        self.clock.advance(2 * 3600)
        self.traffic()
        self.assertEqual(self.daemon.lines("refused"), [])
        self.assertEqual(self.milter.lines("refused"), [])
        # And no more than that.
        reply = self.send(self.smtp(ALICE), ALICE)
        self.assertEqual((reply.code, reply.enhanced), (450, "4.7.28"))
        self.assertIn("18 messages in 1 hour", reply.text)
        self.assertEqual(self.send(self.smtp(BOB), BOB, text=SPOOF).code, 550)
        self.assertEqual(short(self.ctl_json("would")), short(rows))

    def test_the_summary_says_how_many_each_limit_meets(self):
        self.use_clock()
        self.start_both(TRIAL, mode="observe")
        self.traffic()
        rows = self.ctl_json("would", "--summary", "--reason", "quota")
        self.assertEqual(rows, [
            {"plan": "free", "reason": "quota", "kind": "messages",
             "limit": "5/1m", "logins": 2, "messages": 4, "median": 6,
             "p95": 7, "highest": 7},
            {"plan": "free", "reason": "quota", "kind": "messages",
             "limit": "15/1h", "logins": 1, "messages": 1, "median": 18,
             "p95": 18, "highest": 18},
        ])

    def test_a_message_is_noted_once_by_whichever_program(self):
        self.start_both(mode="observe")
        self.pass_mail(self.smtp(), 8)
        both = short(self.ctl_json("would"))
        self.assertEqual(both, [(ALICE, "quota", "5/1m", 3, 8, "8/1m")])
        self.ctl("would", "--clear")
        self.assertEqual(self.ctl_json("would"), [])
        self.ctl("reset", ALICE)
        self.pass_mail(self.smtp(service="alone"), 8)
        self.assertEqual(short(self.ctl_json("would")), both)

    def test_what_a_client_gives_up_is_not_noted(self):
        self.start_both(mode="observe")
        client = self.smtp()
        self.pass_mail(client, 5)
        self.assertEqual(client.mail(ALICE, "x@remote.test").code, 250)
        client.command("RSET")
        self.assertEqual(self.ctl_json("would"), [])


class PolicydAlone(PostfixTest):
    def test_envelope_senders_and_blocks_are_noted_and_explained(self):
        self.start({"messages": ["2/1h"], "block_after_refusals": "2/1h"},
                   mode="observe")
        self.ctl("enable", ALICE)
        client = self.smtp()
        self.pass_mail(client, 6)
        self.assertEqual(client.send(BOB, "x@remote.test").code, 250)
        rows = short(self.ctl_json("would", ALICE))
        self.assertIn((ALICE, "quota", "2/1h", 4, 6, "6/1h"), rows)
        self.assertIn((ALICE, "sender-not-owned", None, 1, None, None), rows)
        self.assertIn((ALICE, "blocked", "2/1h", 1, 3, None), rows)
        told = self.ctl("explain", ALICE).out
        self.assertIn("messages that would have been refused, since", told)
        self.assertIn("quota 4", told)
        self.assertEqual(self.ctl("would", BOB).err,
                         "posternctl: nothing would have been refused\n")

    def test_what_a_plan_observes_is_noted_while_the_rest_is_enforced(self):
        self.start({"messages": ["9/1h"], "penalty": "2/1h for 1d after 4/1d",
                    "observe": ["penalty"]})
        client = self.smtp()
        self.pass_mail(client, 9)
        self.assertEqual(client.send(ALICE, "x@remote.test").code, 450)
        self.assertEqual(short(self.ctl_json("would")),
                         [(ALICE, "penalty", "2/1h", 5, 9, "9/1h")])
