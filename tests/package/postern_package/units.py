# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""What systemd's own tools say about the installed units."""

import gzip
import re
import subprocess
from pathlib import Path

from . import apt, unit

NAMES = ("postern-policyd.service", "postern-milter.service",
         "postern-keeper.service", "postern-queue.service",
         "postern-queue.path")
ENABLED = ("postern-policyd.service", "postern-milter.service",
           "postern-keeper.service")
WANTS = Path("/etc/systemd/system/multi-user.target.wants")
SOCKET_ONLY = Path("/usr/share/postern/examples/systemd-socket-only.conf")
# What each may be exposed, at most, as shipped. The reasons of the last two
# stand in the units: setgid programs, and Postfix's queue, which is root's.
EXPOSED = {"postern-policyd": 1.5, "postern-milter": 1.5,
           "postern-keeper": 5.5, "postern-queue": 2.5}
EXPOSED_SOCKET_ONLY = 0.5


def verify():
    paths = [str(unit.path_of(name)) for name in NAMES]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    said = "\n".join(line for line in done.stderr.splitlines()
                     if "postern" in line)
    assert not said, said
    assert done.returncode == 0, done.stderr


def pages():
    """Each Documentation= is a man page that is there."""
    for name in NAMES:
        for page in unit.settings(name)["Documentation"][0].split():
            title, section = re.fullmatch(r"man:(.*)\((\d)\)", page).groups()
            path = Path(f"/usr/share/man/man{section}/{title}.{section}.gz")
            assert b".Dd" in gzip.decompress(path.read_bytes()), path


def exposure(name):
    """systemd's mark: 0 is none, 10 is all."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", name],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return float(re.search(r"Overall exposure level for \S+: ([\d.]+)",
                           done.stdout + done.stderr).group(1))


def security():
    marks = {name: exposure(f"{name}.service") for name in EXPOSED}
    worse = {name: mark for name, mark in marks.items()
             if mark > EXPOSED[name]}
    assert not worse, f"exposed more than {EXPOSED}: {worse}"


def security_socket_only():
    drops = []
    try:
        for name in ("postern-policyd", "postern-milter"):
            folder = Path("/etc/systemd/system") / f"{name}.service.d"
            folder.mkdir(parents=True)
            drops.append(folder)
            (folder / SOCKET_ONLY.name).write_bytes(SOCKET_ONLY.read_bytes())
            mark = exposure(f"{name}.service")
            assert mark <= EXPOSED_SOCKET_ONLY, f"{name}: {mark}"
    finally:
        for folder in drops:
            (folder / SOCKET_ONLY.name).unlink(missing_ok=True)
            folder.rmdir()


def enabled():
    """The daemons are, what runs as root is not."""
    links = {path.name for path in WANTS.glob("postern*")}
    assert links == set(ENABLED), links


def order():
    """systemd starts the keeper after policyd, in one transaction."""
    after = unit.settings("postern-keeper.service")["After"]
    assert "postern-policyd.service" in " ".join(after).split(), after
    # In Debian 12, postfix@-.service is the one that does the work.
    before = " ".join(unit.settings("postern-policyd.service")["Before"])
    assert {"postfix.service", "postfix@-.service", "dovecot.service"} \
        <= set(before.split()), before
    script = Path("/var/lib/dpkg/info/postern.postinst").read_text()
    starts = re.findall(r"deb-systemd-invoke \$_dh_action (.*) >", script)
    assert any({"'postern-policyd.service'", "'postern-keeper.service'"}
               <= set(line.split()) for line in starts), starts


def queue_ends():
    """What its path unit may have started last is stopped after that."""
    script = Path("/var/lib/dpkg/info/postern.prerm").read_text()
    assert 0 < script.find("stop 'postern-queue.path'") \
        < script.find("stop postern-queue.service"), script


def dovecot_is_told():
    """Dovecot's own trigger starts it again when its modules change."""
    said = apt.run("cat", "/var/lib/dpkg/info/dovecot-core.triggers")
    assert "/usr/lib/dovecot/modules" in said, said


CHECKS = (
    ("systemd-analyze verify has nothing to say", verify),
    ("the units' man pages are there", pages),
    ("systemd-analyze security, as shipped", security),
    ("systemd-analyze security, with the drop-in for sockets only",
     security_socket_only),
    ("the daemons are enabled, what runs as root is not", enabled),
    ("the daemons start again in one transaction, policyd first", order),
    ("what holds mail in the queue ends with the package", queue_ends),
    ("Dovecot is started again when its modules come", dovecot_is_told),
)
