# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Further signs that an account is not in its owner's hands, each with a limit
in the plan, off by default, and watched only where the plan says so."""

import time

from postern_site import children
from postern_site.case import ALICE
from postern_site.keeper_case import NoticeTest

FREE = {"messages": [], "activation_delay": "unlimited"}
HOUR = 3600
DAY = 86400
TRUSTED = "127.0.0.9"


class SignalTest(NoticeTest):
    def begin(self, **plan):
        self.use_clock()
        self.start({**FREE, **plan})
        self.ctl("enable", ALICE)
        self.client = self.policy()

    def send(self, address="192.0.2.1", *recipients, **changes):
        """A message from there; the action."""
        action = "DUNNO"
        number = f"{time.monotonic_ns():X}"
        for recipient in recipients or ("x@remote.test",):
            action = self.client.ask(
                ALICE, "RCPT", client_address=address, recipient=recipient,
                queue_id=number, **changes)
            if action != "DUNNO":
                return action
        return self.client.ask(
            ALICE, client_address=address, queue_id=number,
            recipient_count=str(len(recipients) or 1), **changes)

    def passes(self, *args, **changes):
        self.assertEqual(self.send(*args, **changes), "DUNNO")

    def assert_watched(self, would):
        """A line of the log says what would have been done."""
        children.wait_for(
            lambda: [x for x in self.daemon.lines() if x.get("would") == would
                     or x.get("block") == would],
            f"word of {would}")

    def block(self):
        return self.account()["block"]


class ClientAddresses(SignalTest):
    def test_one_more_address_within_the_hour_has_to_wait(self):
        self.begin(client_addresses="2/1h")
        self.passes("192.0.2.1")
        self.passes("192.0.2.2")
        action = self.send("192.0.2.3")
        self.assertRegex(action, r"^450 4\.7\.28 .*too many places.*at most 2")
        self.passes("192.0.2.1")
        self.clock.advance(HOUR + 1)
        self.passes("192.0.2.3")

    def test_ipv6_addresses_count_by_their_first_64_bits(self):
        self.begin(client_addresses="1/1h")
        self.passes("2001:db8:1:2::1")
        self.passes("2001:db8:1:2:ffff::1")
        self.assertIn("too many places", self.send("2001:db8:1:3::1"))

    def test_webmail_is_no_place(self):
        self.begin(client_addresses="1/1h")
        self.passes("192.0.2.1")
        self.passes(TRUSTED)
        self.passes(TRUSTED)

    def test_off_by_default(self):
        self.begin()
        for number in range(40):
            self.passes(f"192.0.2.{number}")

    def test_an_address_too_many_is_only_watched(self):
        self.begin(client_addresses="1/1h", observe=["client_addresses"])
        self.passes("192.0.2.1")
        self.passes("192.0.2.2")
        self.assert_watched("client-addresses")

    def test_refusals_count_towards_a_block(self):
        self.begin(client_addresses="1/1h", block_after_refusals="5/1h")
        self.passes("192.0.2.1")
        for _ in range(5):
            self.assertIn("too many places", self.send("192.0.2.2"))
        time.sleep(0.5)
        self.assertEqual(self.block(), None)
        self.assertIn("too many places", self.send("192.0.2.2"))
        children.wait_for(lambda: self.block() == "quota", "block")


class NewRecipients(SignalTest):
    def test_more_strangers_than_the_plan_bears_have_to_wait(self):
        self.begin(new_recipients="5/1d")
        known = [f"k{number}@remote.test" for number in range(5)]
        self.passes("192.0.2.1", *known)
        action = self.send("192.0.2.1", "stranger@remote.test")
        self.assertRegex(action, r"^450 4\.7\.28 .*never wrote to before.*5")
        self.passes("192.0.2.1", *known)
        self.clock.advance(DAY + 1)
        self.passes("192.0.2.1", "stranger@remote.test")

    def test_a_stranger_too_many_is_only_watched(self):
        self.begin(new_recipients="1/1d", observe=["new_recipients"])
        self.passes("192.0.2.1", "a@remote.test")
        self.passes("192.0.2.1", "b@remote.test")
        self.assert_watched("new-recipients")


class Penalty(SignalTest):
    def begin(self, **plan):
        super().begin(penalty="1/1h for 1d after 5/1d", **plan)
        for _ in range(5):
            self.passes()
        self.begun = self.clock.now()

    def at(self, seconds):
        """So long after the begin."""
        self.clock.advance(self.begun + seconds - self.clock.now())

    def test_a_refused_message_makes_it_last_longer_where_that_is_set(self):
        self.begin(penalty_extend=True)
        self.at(23 * HOUR)
        self.passes()
        self.assertIn("until", self.send())
        self.at(DAY + 2 * HOUR)
        self.passes()
        self.assertIn("Very much was sent", self.send())

    def test_it_ends_by_itself_otherwise(self):
        self.begin()
        self.at(23 * HOUR)
        self.passes()
        self.assertIn("Very much was sent", self.send())
        self.at(DAY + 2)
        for _ in range(3):
            self.passes()

    def test_a_penalty_is_only_watched(self):
        self.begin(observe=["penalty"])
        for _ in range(3):
            self.passes()
        self.assert_watched("penalty")


class Watched(SignalTest):
    """The other keys that "observe" may name."""

    def test_refusals_that_would_block(self):
        self.begin(messages=["1/1h"], block_after_refusals="2/1h",
                   observe=["block_after_refusals"])
        self.passes()
        for _ in range(6):
            self.assertIn("1 message in 1 hour", self.send())
        self.assert_watched("blocked")
        time.sleep(0.5)
        self.assertEqual(self.block(), None)

    def test_disuse_that_would_block(self):
        self.begin(unused_after="60d", observe=["unused_after"])
        self.clock.advance(61 * DAY)
        rows = self.ctl_json("sweep")
        found = {(x["work"], x["what"]): x["count"] for x in rows}
        self.assertEqual(found["accounts", "observed"], 1)
        self.assertEqual(self.block(), None)
        self.assertEqual([x["notice"] for x in self.outbox()
                          if x["notice"] != "enabled"], [])
