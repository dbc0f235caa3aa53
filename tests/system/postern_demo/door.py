# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Denied until wanted: the main password is refused, an app password opens."""

from postern_site import site

from .show import gap, heading, must, must_match, say, show
from .world import ALICE, MAIN


def wiring(world):
    heading("What Postern was told, and who asks it")
    say("This is all that postern.conf says:")
    show(world.conf.read_text())
    say(
        """dovecot.conf includes Postern's settings as they are shipped; the
        site's own passdb and userdb come after:"""
    )
    text = world.dovecot.conf.read_text()
    show(text[text.index("!include"):text.index("base_dir")])
    say("And this is what master.cf says about Postern:")
    lines = world.site.postfix.services["submission"].master_lines()
    show(
        "\n".join(
            line
            for line in lines.splitlines()
            if "postern" in line or "policy" in line or "inet" in line
        )
    )


def denied(world):
    heading("Denied until wanted")
    say(
        f"""A mail program tries {ALICE}'s main password, the right one.
        Nobody has turned external access on for alice, so it is refused, and
        the answer does not tell that the password was right."""
    )
    gap()
    client, answer = world.imap(site.PASSWORD, MAIN)
    must_match(
        r"^NO \[AUTHENTICATIONFAILED\]", answer, "IMAP let the main password in"
    )
    client.close()
    say("Postfix asks the same Dovecot, so sending is no way around it:")
    gap()
    client, reply = world.smtp(site.PASSWORD, MAIN)
    must(reply.code == 535, f"SMTP let the main password in: {reply}")
    client.close()
    world.dovecot_logged("imap-login: .*auth failed")
    say(
        """Webmail comes from a trusted network, where the main password goes
        on working:"""
    )
    gap()
    world.webmail().logout()


def enabled(world):
    heading("Turned on: an app password, shown once")
    say("alice wants to use a mail program on her phone:")
    world.enable("--label", "Phone")
    say("""Should that not have been her, she learns of it: it is the first
        letter in her mailbox.""")
    world.notice("enabled", 6)
    say(
        """With it, all three protocols let the mail program in; POP3 has a
        chapter of its own.  IMAP, in a session that stays open:"""
    )
    gap()
    client, answer = world.imap()
    must(answer.status == "OK", f"IMAP refused the app password: {answer}")
    say("SMTP AUTH:")
    gap()
    smtp, reply = world.smtp()
    must(reply.code == 235, f"SMTP refused the app password: {reply}")
    smtp.command("QUIT")
    smtp.close()
    say("The postmaster sees which app passwords there are, and their use:")
    text = world.posternctl("password", "list", ALICE)
    must_match("Phone.*smtp", text, "no use of the app password")
    # Dovecot 2.3 calls it a login, 2.4 says "Logged in".
    world.dovecot_logged(r"imap-login: Info: Log(in|ged in): ", 2)
    return client
