# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Not for ever: access ends, at once and in sessions that are open."""

from postern_site.patience import Watch

from .show import gap, heading, must, must_match, say
from .world import ALICE

OFF = r"External access \(mail programs\) was switched off at .* UTC"
BLOCKED = r"External access \(mail programs\) was blocked at .* UTC: .*abuse"


def bye(client, pattern):
    """The session in IDLE is told why, and closed; how long that took."""
    watch = Watch()
    lines = client.wait_closed()
    took = watch.took()
    must_match(pattern, " ".join(lines), "IDLE ended without the reason")
    must(took < 2, f"the session lived on for {took:.1f} s")
    return took


def disabled(world, imap, smtp):
    heading("Turned off: open sessions end")
    say(
        """alice's phone is lost.  Two of its sessions are open, IMAP in IDLE
        and SMTP from before:"""
    )
    gap()
    imap.idle()
    say("She turns external access off in her webmail, or the postmaster"
        " does:")
    world.posternctl("disable", ALICE)
    gap()
    took = bye(imap, rf"BYE \[AUTHORIZATIONFAILED\] {OFF}")
    reply = smtp.send(ALICE, "friend@remote.test")
    must_match(rf"^550 5\.7\.1 .*{OFF}", reply, "SMTP went on")
    smtp.command("QUIT")
    smtp.close()
    say(
        f"""The IMAP session ended {took:.1f} seconds after the command.  Who
        tries that app password again learns why it has ended:"""
    )
    gap()
    client, answer = world.imap()
    must_match(
        rf"^NO \[AUTHORIZATIONFAILED\] {OFF}", answer, "IMAP told no reason"
    )
    client.close()
    client, reply = world.pop3()
    must_match(rf"^-ERR \[SYS/PERM\] {OFF}", reply, "POP3 told no reason")
    client.close()
    client, reply = world.smtp()
    must_match(rf"^535 .*{OFF}", reply, "SMTP told no reason")
    client.close()
    say("A wrong password learns nothing:")
    gap()
    client, answer = world.imap("abcd-" * 5 + "abcd", "wrong password")
    must_match(r"^NO \[AUTHENTICATIONFAILED\]", answer, "a guess was answered")
    client.close()
    world.policyd_logged("event=(session-end|refused) .*reason=access-off", 2)
    world.dovecot_logged(r"(ending the imap session|reason=access-off)", 4)


def blocked(world):
    heading("A block, and its reason")
    say("alice has a new phone: turned on again, there is a new app password.")
    world.enable("--label", "New phone")
    gap()
    imap, answer = world.imap()
    must(answer.status == "OK", f"IMAP refused the app password: {answer}")
    imap.select()
    imap.idle()
    say("Then somebody complains about mail from this account:")
    world.posternctl(
        *("block", ALICE, "--reason", "abuse", "--note", "complaint 4711")
    )
    gap()
    bye(imap, rf"BYE \[CONTACTADMIN\] {BLOCKED}")
    client, answer = world.imap()
    must_match(
        rf"^NO \[CONTACTADMIN\] {BLOCKED}", answer, "IMAP told no reason"
    )
    client.close()
    say("What the postmaster can tell her, and what is to be done:")
    text = world.posternctl("explain", ALICE, head=11)
    must_match(r"posternctl unblock", text, "explain knows no remedy")
    say("And who did what to this account:")
    world.posternctl("history", ALICE)
