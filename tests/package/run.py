#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""run.py [--suite NAME] [PROGRAM... | -- COMMAND...]

Builds the Debian packages in a clean root of each release that Postern
supports, and runs the programs root_*.py of this folder (unless told, all),
each in another fresh root; or a COMMAND there, to look around.

A fresh root has Python, no build dependencies, and no network but a loopback
interface that is still down; this tree is the working directory; our packages
are in /srv/packages/1, and in 2 once more, a version later. What they depend
on and PACKAGES below are not installed, but apt can install them.

Prints "skipped: WHY" where it cannot work. Exit codes: 0 passed or skipped,
1 failed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tools"))

import debian_root
import source_tree

# What the programs may install besides our packages.
PACKAGES = ("postfix", "dovecot-imapd", "dovecot-pop3d", "ssl-cert", "systemd",
            "curl")
LIMIT_SECONDS = 30 * 60
COUNTS = re.compile(r"^(\d+) passed, (\d+) failed$")
PYTHON = "/usr/bin/python3"

# $1 is the folder of debian/, the rest are tools of the check itself.
BUILD_NEEDS = """\
set -e
export DEBIAN_FRONTEND=noninteractive
[ -e /var/lib/package-check ] || apt-get -q update
mkdir -p /tmp/source
cp -r "$1" /tmp/source/debian
shift
apt-get -q -y --no-install-recommends install build-essential "$@"
apt-get -q -y --no-install-recommends build-dep /tmp/source
touch /var/lib/package-check
"""
# Nothing but Python is installed; the rest is only there for apt.
USE_NEEDS = """\
set -e
export DEBIAN_FRONTEND=noninteractive
[ -e /var/lib/package-check ] || apt-get -q update
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get -q -y --no-install-recommends install python3
apt-get -q -y --no-install-recommends --download-only install "$@" \\
	/srv/packages/1/*.deb
touch /var/lib/package-check
"""


class Counts:
    def __init__(self):
        self.passed = self.failed = 0
        self.lines = []

    def fail(self, what):
        self.failed += 1
        self.lines.append(f"failed: {what}")
        print(f"FAIL {what}", flush=True)


def shown(root, *words, counts):
    """Runs WORDS inside without a network; counts what they count."""
    arguments, environment = debian_root.command(root, *words, alone=True)
    told = False
    with subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=environment, text=True,
            errors="replace") as process:
        for line in process.stdout:
            match = COUNTS.match(line)
            if match:
                told = True
                counts.passed += int(match.group(1))
                counts.failed += int(match.group(2))
            elif line.startswith("failed: "):
                counts.lines.append(line.rstrip("\n"))
            else:
                print(line, end="", flush=True)
    if not told:
        counts.fail(f"{root.name}: {' '.join(map(str, words))} did not get to "
                    f"its end (exit code {process.returncode})")


def quietly(root, script, *words):
    """Runs a shell SCRIPT inside, with the network."""
    arguments, environment = debian_root.command(
        root, "/bin/sh", "-c", script, "sh", *words)
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise debian_root.Failed(f"{tail}\ncannot prepare {root}")


def prepared(suite, uri, kind, filler):
    """The cached root of KIND, with the tree, up to date."""
    root = debian_root.ROOTS / f"package-{suite}-{kind}"

    def all_of_it(root):
        source_tree.copy(root / debian_root.INSIDE[1:])
        filler(root)

    debian_root.fill(root, suite, uri, all_of_it)
    return root


def check_suite(suite, uri, programs, command, counts):
    """Builds, then runs the programs in fresh roots."""
    build_root = prepared(suite, uri, "build", lambda root: quietly(
        root, BUILD_NEEDS, "packaging/deb", "lintian", "python3"))
    shown(build_root, PYTHON, "tests/package/build.py", counts=counts)
    if not (build_root / "srv/packages/2").is_dir():
        return

    def fill(root):
        shutil.rmtree(root / "srv/packages", ignore_errors=True)
        shutil.copytree(build_root / "srv/packages", root / "srv/packages")
        quietly(root, USE_NEEDS, *PACKAGES)

    use_root = prepared(suite, uri, "use", fill)
    fresh = debian_root.ROOTS / f"package-{suite}-fresh"
    for words in [command] if command else [
            (PYTHON, f"tests/package/{name}") for name in programs]:
        debian_root.copy(use_root, fresh)
        try:
            if command:
                counts.failed += debian_root.run(fresh, *words, alone=True) != 0
            else:
                shown(fresh, *words, counts=counts)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def arguments():
    words = sys.argv[1:]
    command = []
    if "--" in words:
        command = words[words.index("--") + 1:]
        words = words[:words.index("--")]
    parser = argparse.ArgumentParser(usage=__doc__.splitlines()[0])
    parser.add_argument("--suite", choices=debian_root.RELEASES.values())
    parser.add_argument("programs", nargs="*")
    args = parser.parse_args(words)
    programs = args.programs or sorted(
        path.name for path in HERE.glob("root_*.py"))
    return ([args.suite] if args.suite else
            list(debian_root.RELEASES.values())), programs, command


def main():
    os.chdir(source_tree.TOP)
    suites, programs, command = arguments()
    _, here = debian_root.release_here()
    debian_root.check_machine()
    uri = debian_root.mirror(here)
    counts = Counts()
    for suite in suites:
        with debian_root.held(f"package-{suite}"):
            debian_root.end_after(LIMIT_SECONDS, f"the packages of {suite}")
            try:
                check_suite(suite, uri, programs, command, counts)
            except debian_root.Failed as why:
                print(why)
                counts.fail(f"{suite}: {str(why).splitlines()[-1]}")
    print("\n".join(counts.lines))
    print(f"{counts.passed} passed, {counts.failed} failed", flush=True)
    return 1 if counts.failed or not (counts.passed or command) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except debian_root.Skipped as why:
        print(f"skipped: {why}")
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"cannot check the packages: {error}")
