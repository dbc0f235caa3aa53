# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Mail checks: one look for new mail in MAIL_CHECK seconds."""

import time

from .show import gap, heading, must, must_match, say
from .world import ALICE, MAIL_CHECK


def pop3(world):
    heading("POP3: a login is a mail check")
    say(
        f"""alice's mail program fetches that letter.  Her plan allows one
        mail check in {MAIL_CHECK} seconds (a real one: in 5 minutes).  The
        first:"""
    )
    gap()
    client, reply = world.pop3()
    must(reply.ok, f"POP3 refused the app password: {reply}")
    must(client.count() == 1, "POP3 did not show the letter")
    client.quit()
    say("The second comes too early, and is told when to come again:")
    gap()
    client, reply = world.pop3()
    must_match(
        r"^-ERR \[LOGIN-DELAY\] Next mail check in \d seconds? ",
        reply,
        "the second check was not refused",
    )
    client.close()
    world.dovecot_logged("reason=mail-check")


def imap(world, client):
    heading("IMAP: new mail waits for the next mail check")
    say(
        """An IMAP session stays open, so there is nothing to refuse.  Opening
        INBOX is the first check; then a second letter comes, and the session
        does not see it yet:"""
    )
    gap()
    began = time.monotonic()
    must(client.exists() == 1, "INBOX did not open with one letter")
    world.deliver(2)
    answer = client.ok("NOOP")
    must(not answer.lines, f"the letter was not held back: {answer.lines}")
    say("It is there, as webmail shows at the same time:")
    gap()
    webmail = world.webmail()
    must(webmail.exists() == 2, "webmail does not see the letter")
    webmail.logout()
    say("""The postmaster sees how alice stands, and under "held view" until
        when INBOX is held back:""")
    world.wait_sessions(1)
    text = world.posternctl("explain", ALICE)
    must_match("INBOX is shown below UID 2 ", text, "explain tells no hold")
    say("The mail program waits in IDLE; when the check is due, it is told:")
    gap()
    client.idle()
    client.wait_line(r"2 EXISTS$", MAIL_CHECK + 10)
    waited = time.monotonic() - began
    # Stamps are whole seconds, so that a check may come up to one earlier.
    must(waited > MAIL_CHECK - 1.1, f"shown after {waited:.1f} s already")
    client.done()
    say(
        f"""That was {waited:.1f} seconds after INBOX was opened.  A POP3
        check may come again by now, too:"""
    )
    gap()
    pop, reply = world.pop3()
    must(reply.ok, f"POP3 was refused: {reply}")
    must(pop.count() == 2, "POP3 does not see the second letter")
    pop.quit()
