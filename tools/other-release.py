#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""other-release.py [SUITE... | -- COMMAND...]

Runs suites of run-checks.py (unit and system, unless told), or a command, on
the other of the two Debian releases that Postern supports: in a root of its
own (debian_root.py).

Prints "skipped: WHY" where it cannot work. Exit codes: 0 passed or skipped,
1 failed.
"""

import os
import shutil
import subprocess
import sys

import debian_root
import source_tree

# What is sanitized, linted or built by clang is the same source everywhere.
SUITES = ("unit", "system")
# The whole, with the packages; a cached root takes a tenth of it.
LIMIT_SECONDS = 35 * 60


def prepare(root):
    """The packages and the tree in ROOT."""
    source_tree.copy(root / debian_root.INSIDE[1:])
    if debian_root.run(root, "tools/install-deps.sh", "other") != 0:
        raise debian_root.Failed(f"cannot install the packages in {root}")


def wanted(suite, words):
    """The command that the words of the command line stand for."""
    if words[:1] == ["--"]:
        return words[1:]
    suites = words or SUITES
    print(f"{suite}: {' '.join(suites)}; the other suites look at the same "
          "source and are for this machine's release", flush=True)
    return ["/usr/bin/python3", "tools/run-checks.py", *suites]


def main(argv):
    os.chdir(source_tree.TOP)
    version, here = debian_root.release_here()
    suite = next(name for number, name in debian_root.RELEASES.items()
                 if number != version)
    debian_root.check_machine()
    uri = debian_root.mirror(here)
    with debian_root.held(suite) as root:
        debian_root.end_after(LIMIT_SECONDS, "the other release")
        debian_root.fill(root, suite, uri, prepare)
        try:
            return debian_root.run(root, *wanted(suite, argv[1:]))
        finally:
            shutil.rmtree(root / debian_root.INSIDE[1:], ignore_errors=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv))
    except debian_root.Skipped as why:
        print(f"skipped: {why}")
    except (debian_root.Failed, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"cannot check the other release: {error}")
