#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""root_readme.py: the first hour, as README.md tells it.

Run by run.py in a fresh root: with Postfix and Dovecot of the release and a
mail user, all blocks of README.md are carried out in their order, word by word,
and what it promises is tried between them. postern_package/readme.py says how
a block shows what it is for. systemctl.py stands in for systemd; nothing else
is not what it would be.

A block that nobody carried out is a failure, but for those of LEFT_OUT.
"""

import re

from postern_package import hour, readme, report
from postern_package.host import Host
from postern_package.reader import Reader, put_systemctl

# Heading -> why its blocks are not carried out here.
LEFT_OUT = {
    "Two commands": "both need a compiler and the network, and are run by "
                    "themselves",
    "Attach it to Sendmail": "it takes the place of Postfix; "
                             "tests/system/test_sendmail.py",
    "From source": "it needs a compiler; build.py builds, and the packages are "
                   "what make install makes",
}
RELOAD = "systemctl reload"


def before(told, here):
    with told.check("Postfix and Dovecot of this release, and a mail user",
                    True):
        here.make()
        put_systemctl()
        here.start()
    with told.check("they work without Postern"):
        hour.without_postern(here)


def install(told, here, reader):
    reader.skip("Two commands")
    with told.check("Install it: by apt, and nothing changes", True):
        reader.upto("apt install")
        hour.installed(here)
    with told.check("Install it: the configuration is taken", True):
        reader.upto(RELOAD)
        hour.configured(here)


def attach_postfix(told, here, reader):
    with told.check("Attach it to Postfix: doctor is content", True):
        reader.upto("posternctl doctor")
    with told.check("in observe mode too much passes, and is logged"):
        hour.postfix_asks(here)
    with told.check("fail closed: without the daemon mail waits"):
        hour.fails_closed(here)
    with told.check("fail open: without the daemon mail passes"):
        reader.again("default_action=DUNNO")
        reader.shell("postfix reload\n")
        hour.fails_open(here)
    with told.check("The From gate: doctor is content", True):
        reader.upto("posternctl doctor")
    with told.check("in observe mode a spoof passes, and is logged"):
        hour.milter_judges(here)
    with told.check("without the milter mail programs wait, the world does "
                    "not"):
        hour.milter_away(here)
    with told.check("a second address is said once, and owned"):
        reader.upto("posternctl sender check")
        hour.shop_is_owned(here)
    with told.check("a sender map and an alias domain are taken"):
        reader.upto("file:/etc/postern/senders")
        reader.again(RELOAD)
        hour.alias_is_owned(here)


def attach_dovecot(told, here, reader):
    reader.skip("Attach it to Sendmail")
    with told.check("Attach it to Dovecot: doctor is content", True):
        reader.upto("posternctl doctor")
        assert not hour.doctor(), hour.doctor()
    with told.check("an app password is made", True):
        reader.upto("posternctl enable")
        here.password = re.search(r"\b[a-z]{4,6}(-[a-z]{4,6}){3,5}\b",
                                  reader.said).group()
    with told.check("main passwords are out, but for webmail"):
        hour.mail_programs_out(here)
    with told.check("the app password opens POP3, IMAP and SMTP"):
        hour.app_password(here)
    with told.check("the next POP3 login comes too early"):
        hour.second_check(here)
    with told.check("in observe mode IMAP shows new mail at once"):
        hour.shows_at_once(here)


def enforce(told, here, reader, replies):
    with told.check("Observe, then enforce: would has it all", True):
        reader.upto("posternctl would")
        hour.shown_would(reader.said, reader.shown())
    with told.check("enforce: doctor is content", True):
        reader.upto("posternctl doctor")
    with told.check("mail over the limit gets the reply that README.md shows"):
        hour.enforces_quota(here, replies["450"])
    with told.check("a foreign From gets the reply that README.md shows"):
        hour.enforces_from(here, replies["550"])
    with told.check("IMAP holds new mail until the next check"):
        hour.holds_mail(here)
    with told.check("access that is taken away ends open sessions"):
        hour.session_ends(here)


def leave(told, here, reader):
    with told.check("And away again: everything is as before", True):
        reader.upto("apt remove")
        assert "still names" not in reader.said, reader.said
        hour.as_before(here)
    with told.check("no block of README.md was passed over"):
        reader.skip("From source")
        left = [str(block) for block in reader.blocks[reader.at:]]
        assert not left, left
        assert set(LEFT_OUT) == reader.skipped, reader.skipped
    here.stop()


def main(told):
    here = Host()
    before(told, here)
    reader = Reader(here)
    replies = {text.split()[0]: readme.as_pattern(text)
               for text in (reader.shown(), reader.shown())}
    install(told, here, reader)
    attach_postfix(told, here, reader)
    attach_dovecot(told, here, reader)
    enforce(told, here, reader, replies)
    leave(told, here, reader)


report.main(main)
