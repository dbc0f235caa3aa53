# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Mail, from the first app password to the first refusal."""

import imaplib

from . import site


def refused(here, password, host=site.OUTSIDE):
    try:
        here.imap(password, host)
    except imaplib.IMAP4.error as error:
        return str(error)
    raise AssertionError("the login was let in")


def policyd_log(here):
    return here.units[0].text()


def closed_at_first(here):
    refused(here, site.MAIN_PASSWORD)


def open_for_webmail(here):
    here.imap(site.MAIN_PASSWORD, "127.0.0.1").logout()


def app_password(here):
    here.password = here.ctl("enable", site.LOGIN, "--label",
                             "Phone")[0]["password"]
    here.imap(here.password).logout()
    refused(here, site.MAIN_PASSWORD)


def doctor(here):
    problems = [row for row in here.ctl("doctor")
                if row.get("level") not in ("ok", "note")]
    assert not problems, problems


def observes(here):
    """Six in a minute, where five are allowed."""
    for number in range(6):
        code, text = here.send(f"number {number}")
        assert code == 250, text
    assert "would=" in policyd_log(here), policyd_log(here)


def arrives(here):
    client = here.imap(here.password)
    site.wait(lambda: client.select("INBOX")[1][0] == b"6",
              "six messages in INBOX")
    client.logout()


def enforces(here):
    site.set_conf("mode", "enforce")
    here.ctl("reset", site.LOGIN)
    here.reload()
    for number in range(5):
        code, text = here.send(f"number {number}")
        assert code == 250, text
    still_full(here)


def still_full(here):
    code, text = here.send("too many")
    assert (code, "4.7.28" in text) == (450, True), (code, text)


def from_gate(here):
    here.ctl("reset", site.LOGIN)
    # Full for longer than anything that follows here takes.
    here.ctl("set", site.LOGIN, "messages=5/1h")
    code, text = here.send("a spoof", "boss@example.com")
    assert code == 550 and "boss@example.com" in text, (code, text)
    for number in range(5):
        code, text = here.send(f"number {number}")
        assert code == 250, text


CHECKS = (
    ("mail programs are kept out at first", closed_at_first),
    ("webmail logs in with the main password", open_for_webmail),
    ("an app password opens IMAP, the main password does not", app_password),
    ("posternctl doctor finds nothing wrong", doctor),
    ("as installed, what is too much is logged and passes", observes),
    ("what was sent arrives, and IMAP shows it", arrives),
    ("mode = enforce: the sixth message in a minute is deferred", enforces),
    ("a From of somebody else is refused, and costs nothing", from_gate),
)
