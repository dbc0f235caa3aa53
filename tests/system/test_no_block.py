# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What an owner meets and is told without a block: delays, tighter limits, a
new main password; and what mode = observe leaves of blocks."""

import time

from postern_site import children
from postern_site.case import ALICE
from postern_site.life_case import DAY, FREE, BlockTest, wrong_secret
from test_guess import at_once


class NoBlock(BlockTest):
    def test_the_main_password_was_changed(self):
        self.begin({"password_change_ends": True})
        self.ctl("password-changed", ALICE)
        line = self.idle.wait_line("BYE", 5)
        self.assertRegex(line, r"main password was changed")
        self.assert_refused(("EXPIRED", "AUTH"),
                            "main password was changed")
        self.mailboxes.wait(ALICE, "passwords-ended")
        (row,) = self.ctl_json("password", "create", ALICE)
        self.imap(ALICE, row["password"])
        notice = self.mailboxes.wait(ALICE, "password-created")
        self.assertNotIn(row["password"], notice.text)

    def test_access_that_was_switched_on_works_later(self):
        self.use_clock()
        self.clock.advance_to_noon()
        self.start_life({**FREE, "activation_delay": "15m"})
        (row,) = self.ctl_json("enable", ALICE, "--label", "Phone")
        self.password = row["password"]
        at = self.clock.now() + 15 * 60
        told = time.strftime("%H:%M", time.gmtime(at))
        answer = self.imap().login(ALICE, self.password)
        self.assertEqual(answer.status, "NO")
        self.assertIn(told, answer.text)
        self.assertIn(told, self.ctl("explain", ALICE).out)
        notice = self.mailboxes.wait(ALICE, "enabled")
        self.assertIn(f"{told} UTC", notice.text)
        self.assertIn("Phone", notice.text)
        self.assertIn("IMAP, POP3, SMTP", notice.text)
        self.assertNotIn(self.password, notice.text)
        self.clock.advance(15 * 60 + 1)
        self.imap(ALICE, self.password)

    def test_a_new_plan_holds_after_its_delay(self):
        self.use_clock()
        self.clock.advance_to_noon()
        self.start_life(
            {**FREE, "messages": ["1/1d"]},
            plans={"paid": {**FREE, "messages": ["3/1d"],
                            "plan_delay": "2d"}},
        )
        self.password = self.enable()
        client = self.smtp(ALICE, self.password)
        self.assertEqual(self.send(client).code, 250)
        self.ctl("set", ALICE, "plan=paid")
        at = time.gmtime(self.clock.now() + 2 * DAY)
        self.assertIn("1 message in 1 day", self.send(client).text)
        said = self.ctl("explain", ALICE).out
        self.assertRegex(said, "paid.*" + time.strftime("%Y-%m-%d", at))
        self.clock.advance(2 * DAY + 1)
        client = self.smtp(ALICE, self.password)
        for _ in range(3):
            self.assertEqual(self.send(client).code, 250)
        self.assertIn("3 messages in 1 day", self.send(client).text)

    def test_a_tighter_limit_for_a_while(self):
        self.use_clock()
        self.clock.advance_to_noon()
        self.start_life({**FREE, "penalty": "1/1h for 2d after 5/1d",
                         "messages": []})
        self.password = self.enable()
        client = self.smtp(ALICE, self.password)
        for _ in range(5):
            self.assertEqual(self.send(client).code, 250)
        reply = self.send(client)
        self.assertEqual((reply.code, reply.enhanced), (450, "4.7.28"))
        self.assertIn("1 message in 1 hour", reply.text)
        at = time.gmtime(self.clock.now() + 2 * DAY)
        self.assertIn("penalty", self.ctl("explain", ALICE).out)
        notice = self.mailboxes.wait(ALICE, "penalty")
        self.assertRegex(notice.text, r"at most 1\b")
        self.assertIn(time.strftime("%Y-%m-%d", at), notice.text)

    def test_the_owner_is_told_at_80_percent_of_a_day(self):
        self.start_life({**FREE, "messages": ["20/1d"], "warn_at": 80})
        self.password = self.enable()
        client = self.smtp(ALICE, self.password)
        for _ in range(15):
            self.assertEqual(self.send(client).code, 250)
        time.sleep(0.6)
        kinds = [x.kind for x in self.mailboxes.all(ALICE)]
        self.assertNotIn("limit-soon", kinds)
        for _ in range(5):
            self.assertEqual(self.send(client).code, 250)
        notice = self.mailboxes.wait(ALICE, "limit-soon")
        self.assertRegex(notice.text, r"1 day: 16 \(limit: 20\)")


class ObserveMode(BlockTest):
    """Logins are judged all the same; nothing else ends access."""

    def test_refused_messages_would_block(self):
        self.start_life({**FREE, "messages": ["1/1h"],
                         "block_after_refusals": "2/1h"}, mode="observe")
        self.password = self.enable()
        client = self.smtp(ALICE, self.password)
        for _ in range(6):
            self.assertEqual(self.send(client).code, 250)
        children.wait_for(
            lambda: [x for x in self.daemon.lines("observed")
                     if x["would"] == "blocked"], "word of it")
        self.assert_free()
        self.imap(ALICE, self.password)

    def test_guesses_block(self):
        self.start_life({**FREE, "guesses": "3/1h"}, first=at_once(),
                        mode="observe")
        self.enable()
        for _ in range(3):
            self.imap().login(ALICE, wrong_secret())
        self.assert_recorded("cracked")
        self.mailboxes.wait(ALICE, "blocked-cracked")
