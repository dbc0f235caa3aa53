# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""How the demo is printed, and what it insists on."""

import re
import textwrap
import time

_started = time.monotonic()
# Lines of a server that are about something else.
_NOISE = re.compile(
    r"250[- ][A-Z]|\* FLAGS|\* \d+ RECENT"
    r"|\* OK \[(PERMANENTFLAGS|UNSEEN|UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ)"
)


class Failed(Exception):
    """Something did not come as it must."""


def must(condition, what):
    if not condition:
        raise Failed(what)


def must_match(pattern, text, what):
    """PATTERN is looked for in TEXT as a single line."""
    must(re.search(pattern, " ".join(str(text).split())), f"{what}: {text}")


def seconds():
    """Since the demo has begun."""
    return time.monotonic() - _started


def heading(text):
    print(f"\n== {text}", flush=True)


def say(text):
    print()
    print(textwrap.fill(" ".join(text.split()), 78), flush=True)


def show(text):
    print()
    print(textwrap.indent(text.rstrip("\n"), "    "), flush=True)


def gap():
    print()


def dialogue(name, secret):
    """An echo for the clients of postern_site: NAME is that of the session,
    SECRET what is called its password."""

    def echo(who, line):
        if who == "S" and _NOISE.match(line):
            return
        line = re.sub(r"\[CAPABILITY [^]]*\] ?", "", line)
        line = line.replace("the password)", f"the {secret})")
        text = f"{seconds():6.1f}  {name:4} {who}: {line}"
        print(text.rstrip(), flush=True)

    return echo
