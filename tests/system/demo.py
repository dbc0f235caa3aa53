#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Shows Postern at work in a private Postfix and Dovecot: demo.py BUILD_DIR

Needs root, Postfix and Dovecot; touches none of the machine's own services.
Exit code 0 if everything went as it should, 1 if not, 64 for bad usage, 69
if something is missing.
"""

import re
import signal
import sys
from pathlib import Path

# Run by root: the tree of whoever owns it stays free of root's files.
sys.dont_write_bytecode = True

from postern_demo import automatic, checks, door, ending, sending
from postern_demo.show import heading, must, say, seconds
from postern_demo.world import World
from postern_site import site, workdir

# It takes about 10; whatever hangs must not hang for ever.
LIMIT_SECONDS = 120


def doctor(world):
    heading("Is everything wired up as it should be?")
    text = world.posternctl("doctor")
    bad = re.search(r"(?m)^(note|problem) .*", text)
    must(bad is None, f"doctor is not content: {bad and bad.group()}")


def play(world):
    say(
        """Postern guards the door for mail programs.  Here a private Dovecot
        asks it about logins and mail checks, and a private Postfix before it
        takes a message: about the sender, the header and the limits.  What
        happens to an account, Postern tells its owner by mail."""
    )
    world.start()
    door.wiring(world)
    say(
        """In what follows, C is the mail program, S is the server, and the
        number in front is the seconds since the start.  Lines that are about
        something else are left out."""
    )
    door.denied(world)
    imap = door.enabled(world)
    checks.pop3(world)
    checks.imap(world, imap)
    sending.author(world)
    smtp = sending.quota(world)
    ending.disabled(world, imap, smtp)
    automatic.blocked(world)
    ending.blocked(world)
    doctor(world)
    bad = world.dovecot.errors()
    must(not bad, f"Dovecot logged errors: {bad}")


def give_up(_number, _frame):
    raise TimeoutError(f"not done after {LIMIT_SECONDS} seconds")


def main(argv):
    if len(argv) != 2:
        print("usage: demo.py BUILD_DIR", file=sys.stderr)
        return 64
    for name in ("postern-policyd", "postern-milter", "postern-keeper",
                 "posternctl"):
        if not (Path(argv[1]) / "bin" / name).is_file():
            print(
                f"demo: cannot find bin/{name} in {argv[1]}: "
                "build it first, with make",
                file=sys.stderr,
            )
            return 69
    workdir.exit_on_signals()
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LIMIT_SECONDS)
    try:
        play(World(argv[1]))
    except site.Missing as missing:
        print(f"demo: cannot run here: {missing}", file=sys.stderr)
        return 69
    except workdir.Ended as ended:
        print(f"demo: ended by {ended}", file=sys.stderr)
        return ended.exit_code
    except Exception as error:
        print(
            f"\ndemo: this should not be: {error or type(error).__name__}",
            file=sys.stderr,
        )
        return 1
    finally:
        signal.alarm(0)
        workdir.clean_up()
    say(f"""That was all, in {seconds():.0f} seconds.  Everything was stopped
        and removed again.""")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
