# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What README.md promises on the way, and whether it is so."""

import imaplib
import json
import poplib
import re
import smtplib

from . import apt, network, places, reader, site, units

SPOOF = "boss@example.com"
SHOP = "shop@example.com"
ALIAS = "anna@example.net"
# Settings that nobody has to take back: one for Dovecot that README.md writes
# into a file of Dovecot's own, and one that every Postfix should have.
STAYS = ("auth_username_format", "smtpd_forbid_bare_newline")


def refused(login, *words):
    """What the server says to a login that it does not let in."""
    try:
        login(*words)
    except (imaplib.IMAP4.error, poplib.error_proto,
            smtplib.SMTPAuthenticationError) as error:
        return str(error)
    raise AssertionError("the login was let in")


def sent(here, number, **words):
    for _ in range(number):
        code, text = here.send(**words)
        assert code == 250, (code, text)


def is_said(here, code_and_text, pattern):
    said = f"{code_and_text[0]} {code_and_text[1]}"
    assert pattern.fullmatch(" ".join(said.split())), \
        f"README.md says {pattern.pattern}, Postfix {said}"


def without_postern(here):
    """The host as it is before, and as it must be again afterwards."""
    here.login, here.password = "anna", site.MAIN_PASSWORD
    for address in (network.OUTSIDE, "127.0.0.1"):
        here.imap(site.MAIN_PASSWORD, address).logout()
    here.pop3(site.MAIN_PASSWORD).quit()
    had = here.arrived()
    sent(here, 6)
    sent(here, 1, sender=SPOOF)
    sent(here, 1, port=465)
    assert here.deliver()[0] == 250
    site.wait(lambda: here.arrived() == had + 9, "nine messages")


def installed(here):
    """And started, as the package does it by itself where systemd runs."""
    places.user_and_state()
    places.folder()
    for name in units.ENABLED:
        assert (units.WANTS / name).exists(), name
        reader.systemctl("start", name)
    apt.run("posternctl", "check-config")
    without_postern(here)
    assert not reader.log("postern-policyd").count("login="), "it was asked"


def configured(here):
    said = apt.run("posternctl", "config")
    for line in (r'mode += observe', r'default_domain += "example.com"',
                 r'messages += \{"5/1m", "15/1h"\}',
                 r'messages += \{"60/1m", "1000/1d"\}'):
        line = line.replace('{"', r'{ ?"').replace(r'"\}', r'" ?\}')
        assert re.search(line, said), f"{line} is not in:\n{said}"


def postfix_asks(here):
    """In observe mode it counts, says what it would do, and lets pass."""
    sent(here, 3)
    sent(here, 4, port=465)
    log = reader.log("postern-policyd")
    assert re.search(r"event=observed .*would=quota", log), log
    # At port 25 nobody asks.
    assert here.deliver()[0] == 250
    assert "carl@" not in reader.log("postern-policyd")


def fails_closed(here):
    reader.systemctl("stop", "postern-policyd")
    code, text = here.send()
    assert code == 451 and "cannot be checked now" in text, (code, text)


def fails_open(here):
    sent(here, 1)
    reader.systemctl("start", "postern-policyd")


def not_owned():
    """How many messages would have been refused for their From."""
    rows = json.loads(apt.run("posternctl", "-f", "json", "would", site.LOGIN))
    return sum(row["messages"] for row in rows
               if row["reason"] == "from-not-owned")


def milter_judges(here):
    sent(here, 1, sender=SPOOF)
    log = reader.log("postern-milter")
    assert re.search(rf"would=from-not-owned .*address={SPOOF}", log), log
    assert not_owned() == 1
    sent(here, 1, sender=SHOP, port=465)
    assert not_owned() == 2


def milter_away(here):
    """Fails closed where mail programs are, open where the world is."""
    reader.systemctl("stop", "postern-milter")
    try:
        code, text = here.send()
    except smtplib.SMTPException as error:
        code, text = error.smtp_code, str(error)
    assert code in (451, 454), (code, text)
    assert here.deliver()[0] == 250
    reader.systemctl("start", "postern-milter")
    sent(here, 1)


def shop_is_owned(here):
    sent(here, 1, sender=SHOP)
    assert not_owned() == 2


def alias_is_owned(here):
    sent(here, 1, sender=ALIAS)
    assert not_owned() == 2
    assert "event=map-" not in reader.log("postern-milter")


def mail_programs_out(here):
    """The app password is there; and it alone is good for anything."""
    assert "UNAVAILABLE" not in refused(here.imap, site.MAIN_PASSWORD)
    refused(here.pop3, site.MAIN_PASSWORD)
    refused(here.smtp, site.MAIN_PASSWORD)
    here.imap(site.MAIN_PASSWORD, "127.0.0.1").logout()
    refused(here.imap, here.password, "127.0.0.1")


def app_password(here):
    here.login = site.LOGIN
    here.pop3(here.password).quit()
    here.imap(here.password).logout()
    sent(here, 1)
    sent(here, 1, port=465)


def second_check(here):
    said = refused(here.pop3, here.password)
    assert "[LOGIN-DELAY]" in said, said


def shows_at_once(here):
    """In observe mode IMAP holds nothing back."""
    client = here.imap(here.password)
    seen = int(client.select("INBOX")[1][0])
    had = here.arrived()
    assert here.deliver()[0] == 250
    site.wait(lambda: here.arrived() > had, "the next message in webmail")
    client.noop()
    assert int(client.select("INBOX")[1][0]) > seen, "it was held"
    client.logout()


def shown_would(said, shown):
    """It has the columns that README.md shows, and what was sent above."""
    titles = shown.split("...")[0].split()
    assert any(line.split()[:len(titles)] == titles
               for line in said.splitlines()), said
    for reason in ("quota", "from-not-owned"):
        assert re.search(rf"(?m)^{site.LOGIN} +free +{reason} ", said), said


def enforces_quota(here, pattern):
    apt.run("posternctl", "reset", site.LOGIN)
    sent(here, 5)
    is_said(here, here.send(), pattern)


def enforces_from(here, pattern):
    apt.run("posternctl", "reset", site.LOGIN)
    is_said(here, here.send(sender=SPOOF), pattern)
    # It cost nothing.
    sent(here, 5)


def holds_mail(here):
    """IMAP shows what there was at the last check, webmail everything."""
    apt.run("posternctl", "reset", site.LOGIN)
    client = here.imap(here.password)
    seen = int(client.select("INBOX")[1][0])
    had = here.arrived()
    assert here.deliver()[0] == 250
    site.wait(lambda: here.arrived() > had, "the next message in webmail")
    client.noop()
    assert int(client.select("INBOX")[1][0]) == seen, "it was not held"
    client.logout()


def session_ends(here):
    """With the access that is taken away, and no app password is good."""
    client = here.imap(here.password)
    apt.run("posternctl", "disable", site.LOGIN)
    try:
        site.wait(lambda: client.noop()[0] != "OK", "end of the session")
    except imaplib.IMAP4.abort:
        pass
    refused(here.imap, here.password)


def doctor():
    done = json.loads(apt.run("posternctl", "-f", "json", "doctor"))
    return [row for row in done if row["level"] not in ("ok", "note")]


def as_before(here):
    """Removed, as dpkg does it where systemd runs: the daemons end, too."""
    for name in units.ENABLED:
        reader.systemctl("stop", name)
    for name in apt.NAMES:
        assert apt.status(name) != "installed", name
    assert places.CONF.exists() and (places.STATE / "accounts").exists()
    now = here.facts()
    for what, before in here.before.items():
        changed = [line for line in now[what] ^ before
                   if not line.startswith(STAYS)]
        assert not changed, f"{what}: {changed}"
    without_postern(here)
