# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Users and folders, and what happens to them on the way out."""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import apt

QUEUE = Path("/var/spool/postfix")
FOLDER = QUEUE / "postern"
STATE = Path("/var/lib/postern")
CONF = Path("/etc/postern/postern.conf")
NEW_CONF = Path("/etc/postern/postern.conf.dpkg-dist")
POSTINST = "/var/lib/dpkg/info/postern.postinst"
# Named after us by those who made this root, and not by our packages.
FOREIGN = ("/etc/dpkg/dpkg.cfg.d/postern", "/etc/apt/apt.conf.d/90postern")


def about(path):
    """("postern", "postern", 0o700)"""
    status = path.stat()
    return (pwd.getpwuid(status.st_uid).pw_name,
            grp.getgrgid(status.st_gid).gr_name, status.st_mode & 0o7777)


def no_folder_without_postfix():
    assert not QUEUE.exists(), "a queue directory without Postfix"
    for name in ("postern", "postern-milter"):
        assert apt.status(name) == "installed", name


def no_compiler():
    for name in ("gcc", "make", "libconfuse-dev", "dovecot-dev", "debhelper"):
        assert apt.status(name) != "installed", name


def user_and_state():
    user = pwd.getpwnam("postern")
    assert user.pw_uid < 1000, user
    assert user.pw_shell == "/usr/sbin/nologin", user
    assert user.pw_dir == str(STATE), user
    assert grp.getgrgid(user.pw_gid).gr_name == "postern"
    others = [group.gr_name for group in grp.getgrall()
              if "postern" in group.gr_mem]
    assert not others, f"the user is also in {others}"
    assert about(STATE) == ("postern", "postern", 0o700), about(STATE)
    for path in STATE.rglob("*"):
        mode = 0o700 if path.is_dir() else 0o600
        assert about(path) == ("postern", "postern", mode), \
            f"{path}: {about(path)}"
    assert about(CONF) == ("root", "root", 0o644), about(CONF)


def folder():
    assert about(FOLDER) == ("postern", "postfix", 0o750), about(FOLDER)
    # Postfix's own opinion of a guest in its queue directory.
    said = subprocess.run(["postfix", "check"], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert "postern" not in said.stderr, said.stderr


def facts():
    """What must not change while a new version comes."""
    words = (("account", "show"), ("password", "list"), ("history",))
    return [apt.run("posternctl", "-f", "json", *command, "anna@example.com")
            for command in words] + [CONF.read_text(), about(STATE),
                                     about(CONF)]


def started(failed):
    """What of systemd's units Postfix's trigger starts; FAILED ones exist."""
    systemd = Path("/run/systemd/system")
    with tempfile.TemporaryDirectory() as folder:
        for name, line in (
                ("systemctl", f"exit {int(not failed)}"),
                ("deb-systemd-invoke", f'echo "$*" >>{folder}/calls')):
            path = Path(folder, name)
            path.write_text(f"#!/bin/sh\n{line}\n")
            path.chmod(0o755)
        Path(folder, "calls").touch()
        systemd.mkdir(parents=True)
        try:
            apt.run(POSTINST, "triggered", "postern-folder", env={
                **os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
        finally:
            systemd.rmdir()
        return Path(folder, "calls").read_text().split()


def folder_again():
    """Daemons that failed, or whose sockets went with the folder, start."""
    names = ("postern-policyd.service", "postern-milter.service")
    for is_there, failed, verb in ((True, False, None), (True, True, "start"),
                                   (False, True, "start"),
                                   (False, False, "try-restart")):
        if not is_there:
            shutil.rmtree(FOLDER)
        wanted = [word for name in names for word in (verb, name) if verb]
        assert started(failed) == wanted, (is_there, failed)
        folder()


def units_elsewhere():
    """What systemd prefers to the packages' units is named, a mask is not."""
    copied = Path("/usr/local/lib/systemd/system/postern-milter.service")
    masked = Path("/etc/systemd/system/postern-queue.path")

    def said():
        return apt.run(POSTINST, "configure", "0", stderr=subprocess.STDOUT,
                       env={**os.environ,
                            "DPKG_MAINTSCRIPT_PACKAGE": "postern"})

    assert "in place of" not in said()
    made = [path for path in (copied.parent, copied.parent.parent)
            if not path.exists()]
    copied.parent.mkdir(parents=True, exist_ok=True)
    copied.write_text("[Unit]\n")
    masked.symlink_to("/dev/null")
    try:
        told = said()
    finally:
        copied.unlink()
        masked.unlink()
        for path in made:
            path.rmdir()
    assert f"the packages: {copied}\n" in told, told


def upgrade(here):
    """Of the two configurations, the postmaster's stays, and ours comes."""
    before = facts()
    numbers = [apt.field(name, "Version") for name in apt.NAMES]
    apt.install(*apt.NAMES, folder=apt.LATER)
    assert facts() == before, "something was changed"
    assert NEW_CONF.read_text().endswith(apt.LATER_CONF)
    assert not CONF.read_text().endswith(apt.LATER_CONF)
    for name, number in zip(apt.NAMES, numbers):
        now = apt.field(name, "Version")
        assert now != number, f"{name} is still {now}"
        apt.run("dpkg", "--compare-versions", now, "gt", number)
    here.restart_daemons()
    assert facts() == before, "something was changed by the new daemons"


def remove(here):
    here.kept = facts()
    said = apt.get("remove", *apt.NAMES)
    # Both are attached still, and the postmaster should know.
    for name in ("postern: /etc/postfix", "dovecot-postern: /etc/dovecot"):
        assert f"{name} still names" in said, said
    for name in apt.NAMES:
        assert apt.status(name) != "installed", name
    assert apt.status("postern") == "config-files"
    for path in ("/usr/sbin/postern-policyd", "/usr/sbin/posternctl",
                 "/usr/lib/dovecot/modules/auth/libauthdb_postern.so"):
        assert not Path(path).exists(), path
    assert CONF.read_text() == here.kept[-3]
    assert (STATE / "accounts").exists() and (STATE / "activity").exists()


def without(here):
    here.detach()
    apt.run("doveconf", "-n")
    apt.run("postfix", "check")


def again(here):
    apt.install(*apt.NAMES, folder=apt.LATER)
    assert facts() == here.kept, "something was changed"
    folder()


def purge():
    apt.get("purge", *apt.NAMES)
    left = apt.run("find", "/", "-xdev", "(", "-path", "/srv", "-o", "-path",
                   "/var/cache/apt", "-o", "-path", "/proc", ")", "-prune",
                   "-o", "-iname", "*postern*", "-print").split("\n")
    left = [path for path in left if path and path not in FOREIGN]
    assert not left, left
    assert QUEUE.is_dir(), "Postfix's own folder is gone"
    # Files of that number may be left elsewhere; the user is never reused.
    assert pwd.getpwnam("postern").pw_shell == "/usr/sbin/nologin"
