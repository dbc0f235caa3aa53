# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Sending: whose address it shows, and the quota."""

from .show import gap, heading, must, must_match, say
from .world import ALICE, BOB

MESSAGES = 6
EXPECTED = (
    r"450 4\.7\.28 .*Sending limit reached: 5 messages in 1 minute; "
    r"try again after .*\d\d:\d\d:\d\d UTC$"
)
SPOOF = (
    r"550 5\.7\.1 You may not send with From <bob@example\.test>: "
    r"it does not belong to your login"
)
ALIAS = "shop@example.test"


def send(client, number):
    print(f"\n  message {number}")
    text = f"From: {ALICE}\nSubject: message {number}\n\nHello.\n"
    return client.send(ALICE, "friend@remote.test", text=text)


def send_as(client, author):
    field = f"From: Alice <{author}>"
    gap()
    text = f"{field}\nTo: friend@remote.test\nSubject: Hi\n\nHello.\n"
    return client.send(ALICE, "friend@remote.test", text=text)


def author(world):
    heading("Sending: nobody writes as somebody else")
    say(
        """alice logs in with the app password and is honest in the envelope.
        But what people see is the header, and there she writes bob's
        address:"""
    )
    gap()
    client, reply = world.smtp()
    must(reply.code == 235, f"no login: {reply}")
    reply = send_as(client, BOB)
    must_match(SPOOF, reply, "the spoof was not refused")
    world.milter_logged("event=refused .*reason=from-not-owned")
    say("The same message with her own address:")
    reply = send_as(client, ALICE)
    must(reply.code == 250, f"an honest message was refused: {reply}")
    say("She also keeps the shop, and the postmaster says so once:")
    world.posternctl("sender", "add", ALICE, ALIAS)
    reply = send_as(client, ALIAS)
    must(reply.code == 250, f"the alias was refused: {reply}")
    say("The refused one cost nothing; the others count:")
    text = world.posternctl("quota", ALICE, head=3)
    must_match(r"messages\s+1m\s+2\b", text, "not two messages were counted")
    world.posternctl("reset", ALICE)
    client.close()


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
