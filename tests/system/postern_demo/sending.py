# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Sending: the quota."""

from .show import gap, heading, must, must_match, say
from .world import ALICE

MESSAGES = 6
EXPECTED = (
    r"450 4\.7\.28 .*Sending limit reached: 5 messages in 1 minute; "
    r"try again after .*\d\d:\d\d:\d\d UTC$"
)


def send(client, number):
    print(f"\n  message {number}")
    text = f"Subject: message {number}\n\nHello.\n"
    return client.send(ALICE, "friend@remote.test", text=text)


def quota(world):
    heading("Sending: so many messages, then a pause")
    say(
        f"""alice logs in with the app password and sends {MESSAGES} messages,
        one after the other."""
    )
    gap()
    client, reply = world.smtp()
    must(reply.code == 235, f"no login: {reply}")
    for number in range(1, MESSAGES):
        reply = send(client, number)
        must(reply.code == 250, f"message {number} did not pass: {reply}")
    say("Five in a minute are allowed.  This is the sixth:")
    reply = send(client, MESSAGES)
    must_match(EXPECTED, reply, "the sixth message was not deferred")
    say(
        """The mail program keeps the sixth message and sends it later by
        itself.  It cost nothing.  The postmaster can see where alice
        stands:"""
    )
    world.posternctl("quota", ALICE)
    say("and when she may send again, in plain words:")
    text = world.posternctl("explain", ALICE, head=5)
    must_match("cannot send now: .* 5 messages", text, "explain knows nothing")
    say("Who sends most, and who was refused?")
    world.posternctl("top")
    world.policyd_logged("event=refused .*reason=quota")
    return client
