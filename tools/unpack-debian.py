#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""unpack-debian.py sendmail|promtool: prints the directory with it, unpacked.

Sendmail's package would push Postfix out, and Prometheus' would start a server:
so they are downloaded and unpacked, not installed, into POSTERN_ROOTS
(/var/cache/postern-check). Libraries that the programs need and this machine
has not are installed.

Prints "skipped: WHY" where it cannot work. Exit codes: 0 printed or skipped,
1 failed, 64 wrong call.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOTS = Path(os.environ.get("POSTERN_ROOTS") or "/var/cache/postern-check")


@dataclass(frozen=True)
class Wanted:
    packages: tuple  # the first one's version is that of the directory
    programs: tuple
    older: tuple = ()  # packages, of a release that does not have these
    plugins: tuple = ()  # loaded at run time, so that ldd does not name them


WANTED = {
    "sendmail": Wanted(
        # sasl2-bin has saslpasswd2, which makes the table of logins.
        ("sendmail-bin", "sendmail-cf", "sasl2-bin"),
        ("usr/libexec/sendmail/sendmail", "usr/sbin/saslpasswd2"),
        plugins=("m4", "libsasl2-modules", "libsasl2-modules-db"),
    ),
    "promtool": Wanted(
        ("promtool",), ("usr/bin/promtool",), older=("prometheus",)
    ),
}


class Skipped(Exception):
    """Why there is none here."""


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


def libraries(root, wanted):
    """The packages of the libraries that its programs want and lack."""
    lacking = any("not found" in run("ldd", root / name).stdout
                  for name in wanted.programs)
    depends = (root / "depends").read_text() if lacking else ""
    return re.findall(r"\b(lib[\w.+-]+)", depends)


def unpack(root, packages):
    """A fresh ROOT; it gets its name when it is whole."""
    part = root.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    # A user of its own fetches packages, and may not write here.
    apt("-o", "APT::Sandbox::User=root", "download", *packages, cwd=part)
    for package in sorted(part.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", package, part], check=True)
        if package.name.startswith(f"{packages[0]}_"):
            depends = run("dpkg-deb", "-f", package, "Depends").stdout
            (part / "depends").write_text(depends)
        package.unlink()
    shutil.rmtree(root, ignore_errors=True)
    part.rename(root)


def newest(name, wanted):
    """The directory of the version that apt would install now."""
    for packages in filter(None, (wanted.packages, wanted.older)):
        version = candidate(packages[0])
        if version is not None:
            break
    else:
        raise Skipped(f"apt knows no package {wanted.packages[0]}")
    root = ROOTS / f"{name}-{version}"
    if not all((root / program).exists() for program in wanted.programs):
        unpack(root, packages)
    return root


def prepare(name, wanted):
    """The directory, with what it takes to run its programs."""
    if os.geteuid() != 0:
        raise Skipped(f"a private {name} needs root")
    if shutil.which("apt-get") is None:
        raise Skipped("this is not Debian")
    ROOTS.mkdir(parents=True, exist_ok=True)
    with open(ROOTS / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            root = newest(name, wanted)
        except Skipped:
            # apt's lists may be older than what its mirror still has.
            apt("update")
            root = newest(name, wanted)
        lacking = [package
                   for package in (*wanted.plugins, *libraries(root, wanted))
                   if not is_installed(package)]
        if lacking:
            apt("install", "-y", "--no-remove", "--no-install-recommends",
                *lacking)
    return root


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in WANTED:
        print(f"usage: unpack-debian.py {'|'.join(WANTED)}", file=sys.stderr)
        return 64
    name = sys.argv[1]
    try:
        print(prepare(name, WANTED[name]))
    except Skipped as why:
        print(f"skipped: {why}")
    except (OSError, subprocess.SubprocessError) as error:
        print(f"cannot prepare {name}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
