# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A block that nobody has to decide, the notice, and the way back."""

from .ending import bye
from .show import gap, heading, must, must_match, say
from .world import BOB

LIMIT = "450 4.7.28 .*Sending limit reached: 1 message in 1 minute"
BLOCKED = (
    r"External access \(mail programs\) was blocked at .* UTC: too much "
    r"mail beyond the sending limit"
)


def send(client, text):
    gap()
    body = f"From: {BOB}\nSubject: newsletter\n\nHello.\n"
    reply = client.send(BOB, "friend@remote.test", text=body)
    must_match(f"^{text}", reply, "sending went otherwise")


def insist(world):
    """bob's program is refused until it is too much."""
    say(
        """bob is allowed very little; his mail program does not care.  Each
        plan says how much of that is too much, here more than 3 refused
        messages in an hour (block_after_refusals).  While it sends, it also
        waits for mail, in IDLE."""
    )
    world.posternctl("set", BOB, "messages=1/1m")
    world.enable("--label", "Laptop", login=BOB)
    gap()
    imap, answer = world.imap(login=BOB)
    must(answer.status == "OK", f"IMAP refused the app password: {answer}")
    imap.select()
    imap.idle()
    gap()
    smtp, reply = world.smtp(login=BOB)
    must(reply.code == 235, f"no login: {reply}")
    send(smtp, "250 ")
    for _ in range(4):
        send(smtp, LIMIT)
    say("That was one too many.  Its other session hears of it, too:")
    gap()
    bye(imap, rf"BYE \[AUTHORIZATIONFAILED\] {BLOCKED}")
    send(smtp, f"550 5.7.13 .*{BLOCKED}")
    smtp.command("QUIT")
    smtp.close()


def told(world):
    say(
        """The state has kept the reason, the end of the app password and the
        notice to the owner as one change.  postern-keeper sends the notice,
        in the language and the time zone of the mailbox:"""
    )
    text = world.notice("blocked-quota", 10, BOB)
    figures = r"refused within 1 hour: 4 \(limit: 3\)"
    must_match(figures, text, "the notice has no figures")
    world.keeper_logged("event=notice-sent .*blocked-quota")
    say("Who tries the old app password hears the same:")
    gap()
    client, answer = world.imap(login=BOB)
    must_match(
        rf"^NO \[AUTHORIZATIONFAILED\] {BLOCKED}", answer, "no reason"
    )
    client.close()
    say("The postmaster, whom bob asks about it:")
    text = world.posternctl("explain", BOB, head=8)
    must_match("posternctl enable", text, "explain knows no remedy")


def back(world):
    say(
        """bob has mended his program and turns access on again, which needs
        nobody else for this reason.  There is a new app password; the old
        one never works again:"""
    )
    old = world.passwords[BOB]
    world.enable("--label", "Laptop, mended", login=BOB)
    gap()
    client, answer = world.imap(login=BOB)
    must(answer.status == "OK", f"IMAP refused the new one: {answer}")
    client.logout()
    client, answer = world.imap(old, "old app password", login=BOB)
    must_match("^NO ", answer, "the old app password works")
    client.close()
    world.posternctl("history", BOB)


def blocked(world):
    heading("Blocked by itself: a program that goes on and on")
    insist(world)
    told(world)
    back(world)
