#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Shows Postern at work behind a private Postfix: demo.py BUILD_DIR

Needs root, Postfix and Dovecot; touches none of the machine's own services.
Exit code 0 if everything went as it should, 1 if not, 64 for bad usage, 69
if something is missing.
"""

import re
import sys
import textwrap
import time
from pathlib import Path

# Run by root: the tree of whoever owns it stays free of root's files.
sys.dont_write_bytecode = True

from postern_site import conf, site, workdir
from postern_site.ctl import Ctl
from postern_site.policyd import Policyd
from postern_site.postfix_conf import Service
from postern_site.smtp import Smtp

ALICE = "alice@example.test"
MESSAGES = 6
EXPECTED = (
    r"450 4\.7\.28 .*Sending limit reached: 5 messages in 1 minute; "
    r"try again after .*\d\d:\d\d:\d\d UTC$"
)


class Failed(Exception):
    """Something did not come as it must."""


def say(text):
    print()
    print(textwrap.fill(" ".join(text.split()), 78), flush=True)


def show(text):
    print()
    print(textwrap.indent(text.rstrip("\n"), "    "), flush=True)


def dialogue(who, line):
    print(f"    {who}: {line}", flush=True)


class Demo:
    def __init__(self, build):
        self.programs = Path(build).resolve() / "bin"
        service = Service("submission", sender_check=True)
        self.site = site.Site(
            build, [service], sender_owners={ALICE: [ALICE]}
        )
        self.conf = self.site.root / "postern.conf"
        self.ctl = Ctl(self.programs / "posternctl", self.conf)
        self.policyd = Policyd(
            self.programs / "postern-policyd",
            self.conf,
            self.site.root / "policyd.log",
        )

    def start(self):
        self.conf.write_text(
            conf.render(
                {"free": {"messages": ["5/1m", "15/1h"]}},
                mode="enforce",
                state_dir=self.site.root / "state",
                default_plan="free",
                # This Postfix has no certificate, so mail comes without TLS.
                require_tls=False,
                policy_listen=[f"unix:{self.site.policy_socket}"],
                session_listen=f"unix:{self.site.root}/session.sock",
                milter_listen=f"unix:{self.site.root}/milter.sock",
            )
        )
        self.ctl("init", "--owner", site.OWNER)
        self.site.start()
        self.policyd.start()

    def posternctl(self, *words):
        """Shows a command and what it prints."""
        show("# posternctl " + " ".join(words))
        result = self.ctl.run(*words)
        show(result.out + result.err)
        if result.code != 0:
            raise Failed(f"posternctl {words[0]} ended with {result.code}")

    def send(self, session, number):
        print(f"\n  message {number}")
        text = f"Subject: message {number}\n\nHello.\n"
        return session.send(ALICE, "friend@remote.test", text=text)

    def mail(self):
        session = Smtp(self.site.port(), echo=dialogue)
        reply = session.auth(ALICE, site.PASSWORD)
        if reply.code != 235:
            raise Failed(f"no login: {reply}")
        for number in range(1, MESSAGES):
            reply = self.send(session, number)
            if reply.code != 250:
                raise Failed(f"message {number} did not pass: {reply}")
        say("Five in a minute are allowed.  This is the sixth:")
        reply = self.send(session, MESSAGES)
        if not re.search(EXPECTED, str(reply)):
            raise Failed(f"the sixth message was not deferred: {reply}")
        session.command("QUIT")
        session.close()

    def run(self):
        say(
            """Postern guards the door for mail programs.  Here a private
            Postfix, with a private Dovecot for its logins, asks Postern's
            policy daemon before it takes a message.  This is all that
            postern.conf says:"""
        )
        self.start()
        show(self.conf.read_text())
        say("And this is what master.cf says about Postern:")
        lines = self.site.postfix.services["submission"].master_lines()
        show(
            "\n".join(
                line
                for line in lines.splitlines()
                if "policy" in line or "inet" in line
            )
        )
        say(
            f"""Now {ALICE} logs in and sends {MESSAGES} messages, one after
            the other.  C is the mail program, S is the server."""
        )
        print()
        self.mail()
        say(
            """The mail program keeps the sixth message and sends it later by
            itself.  It cost nothing.  The postmaster can see where alice
            stands:"""
        )
        self.posternctl("quota", ALICE)
        say("and when she may send again, in plain words:")
        self.posternctl("explain", ALICE)
        say("Who sends most, and who was refused?")
        self.posternctl("top")
        say("The daemon wrote one line about it:")
        show("\n".join(
            line for line in self.policyd.text().splitlines()
            if "event=refused" in line
        ))
        say("Last, is everything wired up as it should be?")
        etc = str(self.site.postfix.etc)
        self.posternctl("doctor", "--postfix-config", etc)


def main(argv):
    if len(argv) != 2:
        print("usage: demo.py BUILD_DIR", file=sys.stderr)
        return 64
    for name in ("postern-policyd", "posternctl"):
        if not (Path(argv[1]) / "bin" / name).is_file():
            print(
                f"demo: cannot find bin/{name} in {argv[1]}: "
                "build it first, with make",
                file=sys.stderr,
            )
            return 69
    workdir.exit_on_signals()
    started = time.monotonic()
    try:
        Demo(argv[1]).run()
    except site.Missing as missing:
        print(f"demo: cannot run here: {missing}", file=sys.stderr)
        return 69
    except workdir.Ended as ended:
        print(f"demo: ended by {ended}", file=sys.stderr)
        return ended.exit_code
    except (Failed, AssertionError, OSError, RuntimeError) as error:
        print(f"\ndemo: this should not be: {error}", file=sys.stderr)
        return 1
    finally:
        workdir.clean_up()
    seconds = time.monotonic() - started
    say(f"""That was all, in {seconds:.0f} seconds.  Everything was stopped and
        removed again.""")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
