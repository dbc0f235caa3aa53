# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""From the cause of a block to the notice in the mailbox, and back again."""

import signal
import time

from postern_site import children
from postern_site.case import ALICE
from postern_site.life_case import (
    DAY, OWNER_MENDS, PROVIDER_MENDS, TRUSTED, BlockTest, wrong_secret,
)
from test_guess import at_once


class Reasons(BlockTest):
    def test_quota_more_refused_messages_than_the_plan_bears(self):
        self.begin({"messages": ["1/1h"]})
        client = self.smtp(ALICE, self.password)
        self.assertEqual(self.send(client).code, 250)
        for _ in range(50):
            self.assertEqual(self.send(client).code, 450)
        self.assertEqual(self.account()["block"], None)
        self.assertEqual(self.send(client).code, 450)
        self.assert_blocked("quota", "sending limit",
                            "within 1 hour: 51 (limit: 50)")
        reply = self.send(client)
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.13"))
        client = self.come_back()
        self.assertEqual(self.send(client).code, 450)
        self.assert_free()

    def test_webmail_that_sends_too_much_ends_nothing(self):
        self.begin({"messages": ["1/1h"]})
        client = self.webmail_smtp()
        self.send(client)
        for _ in range(60):
            self.assertEqual(self.send(client).code, 450)
        self.assert_free()
        self.imap(ALICE, self.password)

    def test_cracked_own_mail_that_bounced(self):
        self.begin({"bounce_min": "5/1d", "bounce_share": 30}, milter=True)
        client = self.smtp(ALICE, self.password)
        for number in range(5):
            reply = self.send(client, f"nobody{number}@remote.test")
            self.assertEqual(reply.code, 250, str(reply))
        self.assert_blocked("cracked", "change your main password",
                            "within 1 day: 5 (limit: 5)")
        self.assert_enable_refused("password-changed")
        self.ctl("password-changed", ALICE)
        self.come_back()

    def test_cracked_many_wrong_passwords(self):
        self.begin({"guesses": "5/1h"}, first=at_once())
        same = wrong_secret()
        for _ in range(20):
            self.guess(same)
        for _ in range(20):
            self.guess(wrong_secret(), source=TRUSTED)
        for _ in range(3):
            self.guess(wrong_secret())
        time.sleep(0.5)
        self.imap(ALICE, self.password).close()
        self.assert_free()
        self.guess(wrong_secret())
        self.assert_blocked("cracked", "change your main password",
                            "within 1 hour: 5 (limit: 5)")
        self.assert_enable_refused("password-changed")
        self.ctl("password-changed", ALICE)
        self.come_back()
        self.guess(wrong_secret())
        self.assert_free()

    def guess(self, secret, **options):
        client = self.imap(**options)
        answer = client.login(ALICE, secret)
        self.assertEqual(answer.status, "NO")
        client.close()

    def test_connections_far_more_logins_than_the_plan_allows(self):
        self.use_clock()
        self.begin({"logins": ["5/1h"], "logins_factor": 2})
        # Two sessions of begin() were logins, too.
        for _ in range(3):
            self.imap(ALICE, self.password).close()
        for _ in range(4):
            self.refuse_for_now(self.password)
        self.assert_free()
        self.refuse_for_now(self.password)
        self.assert_blocked("connections", "logged in|logins",
                            "within 1 hour: 10 (limit: 10)")
        self.refuse_for_now(self.enable())
        self.assert_free()
        self.ctl("disable", ALICE)
        self.clock.advance(3601)
        self.come_back(enabled=3)

    def refuse_for_now(self, password):
        answer = self.imap().login(ALICE, password)
        self.assertEqual((answer.status, answer.code), ("NO", "LIMIT"))

    def test_inactive_by_the_providers_word(self):
        self.begin()
        self.ctl("set", ALICE, "status=inactive")
        self.assert_ended(PROVIDER_MENDS, "not active")
        self.assert_refused(PROVIDER_MENDS, "not active|inactive")
        self.assert_recorded("inactive")
        self.assert_told("inactive")
        self.assert_enable_refused("inactive|not active")
        self.ctl("set", ALICE, "status=active")
        self.assert_refused(OWNER_MENDS, ".")
        self.come_back()

    def test_abuse_only_the_provider_ends_it(self):
        self.check_manual("abuse")

    def test_admin_only_the_provider_ends_it(self):
        self.check_manual("admin")

    def check_manual(self, reason):
        self.begin()
        self.ctl("block", ALICE, "--reason", reason, "--note", "ticket 4711")
        notice = self.assert_blocked(
            reason, "contact your mail provider", codes=PROVIDER_MENDS)
        self.assertNotIn("4711", notice.text)
        self.assert_enable_refused("unblock")
        self.ctl("unblock", ALICE)
        self.assert_refused(OWNER_MENDS, ".")
        self.come_back()


class Unused(BlockTest):
    def walk(self):
        """The keeper's, now."""
        done = len(self.keeper.lines("swept"))
        self.keeper.child.signal(signal.SIGUSR1)
        children.wait_for(
            lambda: len(self.keeper.lines("swept")) > done, "walk")

    def test_told_a_week_before_and_then_ended(self):
        self.use_clock()
        self.begin({"unused_after": "60d"})
        self.mailboxes.wait(ALICE, "enabled")
        self.idle.done()
        for client in (self.idle, self.session, self.web):
            client.close()
        self.clock.advance(52 * DAY)
        self.walk()
        self.clock.advance(DAY + 60)
        self.walk()
        self.mailboxes.wait(ALICE, "unused-soon")
        self.clock.advance(6 * DAY)
        self.walk()
        self.assertEqual(self.account()["block"], None)
        self.clock.advance(DAY)
        self.walk()
        self.assert_refused(OWNER_MENDS, "not used|unused")
        self.assert_recorded("unused")
        self.assert_told("unused")
        self.come_back()

    def test_a_login_in_time_keeps_it(self):
        self.use_clock()
        self.begin({"unused_after": "60d"})
        self.mailboxes.wait(ALICE, "enabled")
        self.clock.advance(53 * DAY + 60)
        self.walk()
        self.mailboxes.wait(ALICE, "unused-soon")
        self.imap(ALICE, self.password)
        self.clock.advance(8 * DAY)
        self.walk()
        self.assertEqual(self.account()["block"], None)
        self.imap(ALICE, self.password)


class Lock(BlockTest):
    def test_a_sending_lock_is_no_block(self):
        self.begin()
        client = self.smtp(ALICE, self.password)
        self.ctl("lock", ALICE)
        reply = self.send(client)
        self.assertEqual((reply.code, reply.enhanced), (550, "5.7.13"))
        self.assertEqual(self.send(self.webmail_smtp()).code, 550)
        self.imap(ALICE, self.password).close()
        self.ctl("unlock", ALICE)
        self.assertEqual(self.send(client).code, 250)
