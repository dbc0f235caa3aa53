#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""other-release.py [SUITE... | -- COMMAND...]

Runs suites of run-checks.py (unit and system, unless told), or a command, on
the other of the two Debian releases that Postern supports: in a root of its
own, made by debootstrap from this machine's own mirror and kept in
POSTERN_ROOTS (/var/cache/postern-check). All mounts and processes live in
namespaces that end with this program.

Prints "skipped: WHY" where it cannot work. Exit codes: 0 passed or skipped,
1 failed.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

# What is sanitized, linted or built by clang is the same source everywhere.
SUITES = ("unit", "system")
# VERSION_ID of this machine -> the name of the other release.
OTHER = {"12": "trixie", "13": "bookworm"}
ROOTS = Path(os.environ.get("POSTERN_ROOTS") or "/var/cache/postern-check")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# The whole, with the packages; a cached root takes a tenth of it.
LIMIT_SECONDS = 35 * 60

INSIDE = "/srv/postern"
# $1 is the root, the rest is the command. The shell stays as process 1 of the
# new PID namespace: it reaps, and its end is everybody's.
ENTER = """\
set -eu
cd "$1"
shift
mount --bind . .
cd "$PWD"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 shm dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 tmp tmp
mount -t tmpfs -o mode=755 run run
mkdir -p run/lock run/outside
pivot_root . run/outside
cd /
umount -l /run/outside
cd "$INSIDE"
"$@"
"""
UNSHARE = ("unshare", "--mount", "--propagation", "private", "--pid",
           "--fork", "--kill-child")


class Skipped(Exception):
    """Why there is nothing to be run here."""


class Failed(Exception):
    pass


def release_here():
    """(VERSION_ID, VERSION_CODENAME) of this machine."""
    try:
        text = Path("/etc/os-release").read_text()
    except OSError:
        text = ""
    fields = dict(re.findall(r'(?m)^(\w+)="?([^"\n]*)"?$', text))
    if fields.get("ID") != "debian" or fields.get("VERSION_ID") not in OTHER:
        raise Skipped("this machine runs neither Debian 12 nor Debian 13")
    return fields["VERSION_ID"], fields.get("VERSION_CODENAME", "")


def check_machine():
    if os.geteuid() != 0:
        raise Skipped("another release needs root")
    done = subprocess.run([*UNSHARE, "mount", "-t", "tmpfs", "test", "/mnt"],
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60)
    if done.returncode != 0:
        raise Skipped("another release needs mounts, which are not allowed "
                      "here: " + done.stderr.strip())


def mirror(suite):
    """Where this machine's own packages of SUITE come from."""
    folder = Path("/etc/apt/sources.list.d")
    texts = [path.read_text(errors="replace")
             for path in [Path("/etc/apt/sources.list"),
                          *sorted(folder.glob("*.list"))] if path.is_file()]
    for text in texts:
        found = re.search(
            rf"(?m)^deb\s+(?:\[.*?\]\s+)?(\S+)\s+{suite}\s+.*\bmain\b", text)
        if found:
            return found.group(1)
    for path in sorted(folder.glob("*.sources")):
        for part in re.split(r"\n\s*\n", path.read_text(errors="replace")):
            fields = dict(re.findall(r"(?m)^([\w-]+):[ \t]*(.*)$", part))
            if (suite in fields.get("Suites", "").split()
                    and "main" in fields.get("Components", "").split()
                    and fields.get("Enabled", "yes") != "no"):
                return fields["URIs"].split()[0]
    raise Skipped(f"apt's sources name no mirror for {suite}")


def apt_settings():
    """How this machine's apt reaches its mirror: proxies and the like."""
    dump = subprocess.run(["apt-config", "dump"], capture_output=True,
                          text=True, timeout=60, check=True).stdout
    return "".join(re.findall(
        r"(?m)^Acquire::(?:https?::Proxy|Check-|Retries)[^\n]*\n", dump))


def make_root(root, suite, uri):
    """A fresh root; it gets its name when it is whole."""
    print(f"making a root of {suite} in {root}", flush=True)
    part = root.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)
    log = root.with_suffix(".log")
    with open(log, "w") as output:
        done = subprocess.run(
            ["debootstrap", "--variant=minbase", f"--keyring={KEYRING}",
             suite, part, uri],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    if done.returncode != 0:
        tail = "\n".join(log.read_text().splitlines()[-15:])
        raise Failed(f"debootstrap could not make a root:\n{tail}")
    # It is thrown away when it is broken, so nothing has to reach the disk.
    (part / "etc/dpkg/dpkg.cfg.d/postern").write_text("force-unsafe-io\n")
    (part / "etc/apt/apt.conf.d/90postern").write_text(apt_settings())
    part.rename(root)


def tree():
    """The files that git knows or would add; without git, all but build/."""
    try:
        return subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached",
             "--others", "--exclude-standard"],
            check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        return [str(path) for path in Path().rglob("*")
                if path.parts[0] not in ("build", ".git")]


def copy_tree(target):
    shutil.rmtree(target, ignore_errors=True)
    for name in tree():
        if os.path.isfile(name):
            copy = target / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, copy)


def inside(root, *command):
    """The exit code of COMMAND in the tree's copy in ROOT."""
    environment = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
        "INSIDE": INSIDE, "PYTHONDONTWRITEBYTECODE": "1",
        **{name: value for name, value in os.environ.items()
           if name.endswith("_proxy")},
    }
    return subprocess.run(
        [*UNSHARE, "/bin/sh", "-c", ENTER, "sh", root, *command],
        stdin=subprocess.DEVNULL, env=environment).returncode


def prepare(root, suite, uri):
    """ROOT with its packages and the tree."""
    fresh = not root.is_dir()
    if fresh:
        make_root(root, suite, uri)
    for name in ("resolv.conf", "hosts"):
        if os.path.isfile(f"/etc/{name}"):
            shutil.copy(f"/etc/{name}", root / "etc" / name)
    copy_tree(root / INSIDE[1:])
    if inside(root, "tools/install-deps.sh", "other") == 0:
        return
    if fresh:
        raise Failed(f"cannot install the packages in {root}")
    print("the cached root is too old", flush=True)
    shutil.rmtree(root)
    prepare(root, suite, uri)


def wanted(suite, words):
    """The command that the words of the command line stand for."""
    if words[:1] == ["--"]:
        return words[1:]
    suites = words or SUITES
    print(f"{suite}: {' '.join(suites)}; the other suites look at the same "
          "source and are for this machine's release", flush=True)
    return ["/usr/bin/python3", "tools/run-checks.py", *suites]


def main(argv):
    os.chdir(Path(__file__).resolve().parent.parent)
    version, here = release_here()
    suite = OTHER[version]
    check_machine()
    subprocess.run(["tools/install-deps.sh", "root"], check=True)
    # What this program has started ends with it, because of --kill-child.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(
        f"the other release took more than {LIMIT_SECONDS} seconds"))
    signal.alarm(LIMIT_SECONDS)
    ROOTS.mkdir(parents=True, exist_ok=True)
    root = ROOTS / suite
    with open(ROOTS / f"{suite}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        prepare(root, suite, mirror(here))
        try:
            return inside(root, *wanted(suite, argv[1:]))
        finally:
            shutil.rmtree(root / INSIDE[1:], ignore_errors=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv))
    except Skipped as why:
        print(f"skipped: {why}")
    except (Failed, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"cannot check the other release: {error}")
