# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors
"""Roots of Debian releases, for checks that need one of their own.

They are made by debootstrap from this machine's own mirror and kept in
POSTERN_ROOTS (/var/cache/postern-check). All mounts and processes of a command
that is run inside live in namespaces that end with it.
"""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

# VERSION_ID -> the name of the release.
RELEASES = {"12": "bookworm", "13": "trixie"}
ROOTS = Path(os.environ.get("POSTERN_ROOTS") or "/var/cache/postern-check")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

# Where the tree is inside.
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
    if (fields.get("ID") != "debian"
            or fields.get("VERSION_ID") not in RELEASES):
        raise Skipped("this machine runs neither Debian 12 nor Debian 13")
    return fields["VERSION_ID"], fields.get("VERSION_CODENAME", "")


def check_machine():
    """Skipped unless roots can be made here; installs what makes them.

    From here on, files that are made are everybody's to read, as in a root.
    """
    os.umask(0o022)
    if os.geteuid() != 0:
        raise Skipped("a root of its own needs root")
    done = subprocess.run([*UNSHARE, "mount", "-t", "tmpfs", "test", "/mnt"],
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60)
    if done.returncode != 0:
        raise Skipped("a root of its own needs mounts, which are not allowed "
                      "here: " + done.stderr.strip())
    subprocess.run(["tools/install-deps.sh", "root"], check=True)


def end_after(seconds, what):
    """Ends this program at SIGTERM and when its time is over.

    What it has started inside ends with it, because of --kill-child.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(
        f"{what} took more than {seconds} seconds"))
    signal.alarm(seconds)


@contextlib.contextmanager
def held(name):
    """Nobody else uses the roots of that name meanwhile.

    Who has to wait for another check does so before its own time begins.
    """
    ROOTS.mkdir(parents=True, exist_ok=True)
    with open(ROOTS / f"{name}.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another check uses {ROOTS / name}: waiting for its end",
                  flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield ROOTS / name


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


@contextlib.contextmanager
def whole(root):
    """Where to make ROOT: it gets its name when nothing went wrong."""
    part = root.with_name(root.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)
    try:
        yield part
        part.rename(root)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def make(root, suite, uri):
    """A fresh root, as debootstrap leaves it."""
    print(f"making a root of {suite} in {root}", flush=True)
    log = root.with_name(root.name + ".log")
    with whole(root) as part:
        # In namespaces, too, so that no mount nor process of it is left.
        with open(log, "w") as output:
            done = subprocess.run(
                [*UNSHARE, "--mount-proc", "debootstrap", "--variant=minbase",
                 f"--keyring={KEYRING}", suite, part, uri],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        if done.returncode != 0:
            tail = "\n".join(log.read_text().splitlines()[-15:])
            raise Failed(f"debootstrap could not make a root:\n{tail}")
        # It is thrown away when it is broken, so nothing must reach the disk.
        (part / "etc/dpkg/dpkg.cfg.d/postern").write_text("force-unsafe-io\n")
        (part / "etc/apt/apt.conf.d/90postern").write_text(apt_settings())


def copy(root, target):
    """TARGET becomes what ROOT is."""
    with whole(target) as part:
        subprocess.run(["cp", "-a", "--reflink=auto", root, part], check=True)


def copy_base(suite, uri, root):
    """ROOT becomes one of SUITE as debootstrap leaves it.

    All of a suite are copies of one; whether that one had to be made for it.
    """
    with held(f"base-{suite}") as base:
        fresh = not base.is_dir()
        if fresh:
            make(base, suite, uri)
        copy(base, root)
    return fresh


def drop_base(suite):
    with held(f"base-{suite}") as base:
        shutil.rmtree(base, ignore_errors=True)


def fill(root, suite, uri, filler):
    """FILLER makes ROOT what it is to be; a cached one is only brought up to
    date.

    FILLER may be called again with the same root, and raises Failed. What was
    cached and is too old is made anew: first the root, then what all of its
    suite are copies of.
    """
    while True:
        cached = root.is_dir()
        fresh = not cached and copy_base(suite, uri, root)
        network_names(root)
        try:
            return filler(root)
        except Failed as why:
            if fresh:
                raise
            print(f"{root} is too old: {str(why).splitlines()[0]}", flush=True)
            shutil.rmtree(root)
            if not cached:
                drop_base(suite)


def network_names(root):
    """How this machine finds others."""
    for name in ("resolv.conf", "hosts"):
        if os.path.isfile(f"/etc/{name}"):
            shutil.copy(f"/etc/{name}", root / "etc" / name)


def command(root, *words, alone=False):
    """How to run WORDS in the tree's copy in ROOT: arguments, environment.

    ALONE: with a loopback interface of its own, which is down, and no other.
    """
    environment = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
        "INSIDE": INSIDE, "PYTHONDONTWRITEBYTECODE": "1",
        **{name: value for name, value in os.environ.items()
           if name.endswith("_proxy")},
    }
    unshare = [*UNSHARE, *(["--net"] if alone else [])]
    return [*unshare, "/bin/sh", "-c", ENTER, "sh", root, *words], environment


def run(root, *words, alone=False):
    """The exit code of WORDS in ROOT."""
    arguments, environment = command(root, *words, alone=alone)
    return subprocess.run(arguments, stdin=subprocess.DEVNULL,
                          env=environment).returncode
