#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""sendmail-root.py: prints the directory with an unpacked Sendmail.

Sendmail's package would push Postfix out, so it is downloaded and unpacked,
not installed: into POSTERN_ROOTS (/var/cache/postern-check). Libraries that it
needs and this machine has not are installed, and m4.

Prints "skipped: WHY" where it cannot work. Exit codes: 0 printed or skipped,
1 failed.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOTS = Path(os.environ.get("POSTERN_ROOTS") or "/var/cache/postern-check")
# sasl2-bin has saslpasswd2, which makes the table of logins.
PACKAGES = ("sendmail-bin", "sendmail-cf", "sasl2-bin")
PROGRAMS = ("usr/libexec/sendmail/sendmail", "usr/sbin/saslpasswd2")
# Loaded at run time, so that ldd does not name them.
PLUGINS = ("m4", "libsasl2-modules", "libsasl2-modules-db")


class Skipped(Exception):
    """Why there is no Sendmail here."""


def run(*command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, **options)


def apt(*words, **options):
    done = run("apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *words,
               env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
               **options)
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise Skipped(f"apt-get {words[0]} did not work: {' '.join(last)}")


def candidate(package):
    """The version that apt would install."""
    policy = run("apt-cache", "policy", package).stdout
    found = re.search(r"Candidate: (?!\(none\))(\S+)", policy)
    return found.group(1) if found else None


def is_installed(package):
    done = run("dpkg-query", "-W", "-f=${db:Status-Status}", package)
    return done.stdout == "installed"


def libraries(root):
    """The packages of the libraries that its programs want and lack."""
    lacking = any("not found" in run("ldd", root / name).stdout
                  for name in PROGRAMS)
    depends = (root / "depends").read_text() if lacking else ""
    return re.findall(r"\b(lib[\w.+-]+)", depends)


def unpack(root):
    """A fresh ROOT; it gets its name when it is whole."""
    part = root.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    # A user of its own fetches packages, and may not write here.
    apt("-o", "APT::Sandbox::User=root", "download", *PACKAGES, cwd=part)
    for package in sorted(part.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", package, part], check=True)
        if package.name.startswith("sendmail-bin"):
            depends = run("dpkg-deb", "-f", package, "Depends").stdout
            (part / "depends").write_text(depends)
        package.unlink()
    part.rename(root)


def newest():
    """The directory of the version that apt would install now."""
    version = candidate("sendmail-bin")
    if version is None:
        raise Skipped("apt knows no package sendmail-bin")
    root = ROOTS / f"sendmail-{version}"
    if not root.is_dir():
        unpack(root)
    return root


def prepare():
    """The directory, with what it takes to run Sendmail."""
    if os.geteuid() != 0:
        raise Skipped("a private Sendmail needs root")
    if shutil.which("apt-get") is None:
        raise Skipped("this is not Debian")
    ROOTS.mkdir(parents=True, exist_ok=True)
    with open(ROOTS / "sendmail.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            root = newest()
        except Skipped:
            # apt's lists may be older than what its mirror still has.
            apt("update")
            root = newest()
        lacking = [name for name in (*PLUGINS, *libraries(root))
                   if not is_installed(name)]
        if lacking:
            apt("install", "-y", "--no-remove", "--no-install-recommends",
                *lacking)
    return root


if __name__ == "__main__":
    try:
        print(prepare())
    except Skipped as why:
        print(f"skipped: {why}")
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"cannot prepare Sendmail: {error}")
