# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A daemon, started by systemd or, where none runs, as its unit says.

In the second case user, limits, folders, umask, privileges and readiness are
the unit's. What it hides or makes read-only is not: that takes systemd itself.
"""

import os
import pwd
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

FOLDERS = (Path("/etc/systemd/system"), Path("/usr/lib/systemd/system"),
           Path("/lib/systemd/system"))
# As long as systemd waits for them.
READY_SECONDS = 180
HAS_SYSTEMD = Path("/run/systemd/system").is_dir()


def path_of(name):
    for folder in FOLDERS:
        if (folder / name).is_file():
            return folder / name
    raise AssertionError(f"there is no unit {name}")


def settings(name):
    """Key -> its values, in order; sections do not matter to us."""
    found = {}
    for line in path_of(name).read_text().splitlines():
        key, is_one, value = line.partition("=")
        if is_one and not line.startswith(("#", "[")):
            found.setdefault(key, []).append(value)
    return found


def run(name):
    """The one of the two classes that works here."""
    return Managed(name) if HAS_SYSTEMD else Unit(name)


class Unit:
    def __init__(self, name):
        self.name = name
        self.set = settings(name)
        self.log = Path("/var/log") / f"{name}.log"
        self.process = None

    def text(self):
        """What it has logged."""
        return self.log.read_text()

    def one(self, key, default=""):
        return self.set.get(key, [default])[-1]

    def make_folders(self):
        user = pwd.getpwnam(self.one("User"))
        for key, above in (("Runtime", "/run"), ("State", "/var/lib")):
            folder = self.one(f"{key}Directory")
            if not folder:
                continue
            path = Path(above) / folder
            path.mkdir(exist_ok=True)
            os.chown(path, user.pw_uid, user.pw_gid)
            path.chmod(int(self.one(f"{key}DirectoryMode", "0755"), 8))

    def command(self):
        words = ["setpriv", f"--reuid={self.one('User')}",
                 f"--regid={self.one('Group')}", "--init-groups"]
        if "CapabilityBoundingSet" in self.set:
            words += ["--bounding-set=-all", "--inh-caps=-all"]
        if self.one("NoNewPrivileges") == "yes":
            words.append("--no-new-privs")
        return [*words, *shlex.split(self.one("ExecStart"))]

    def start(self):
        """Returns when it says that it is ready."""
        self.make_folders()
        for line in self.set.get("ExecStartPre", []):
            assert line.startswith("+"), "only root's are expected here"
            subprocess.run(shlex.split(line[1:]), check=True)
        files = int(self.one("LimitNOFILE", "1024"))
        files = min(files, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        where = Path("/run") / f"{self.name}.notify"
        where.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(where))
            shutil.chown(where, self.one("User"))
            with open(self.log, "a") as log:
                self.process = subprocess.Popen(
                    self.command(), stdin=subprocess.DEVNULL, stdout=log,
                    stderr=log, umask=int(self.one("UMask", "0022"), 8),
                    env={"PATH": os.environ["PATH"],
                         "NOTIFY_SOCKET": str(where)},
                    preexec_fn=lambda: resource.setrlimit(
                        resource.RLIMIT_NOFILE, (files, files)))
            self.wait_ready(notify)

    def wait_ready(self, notify):
        end = time.monotonic() + READY_SECONDS
        notify.settimeout(0.2)
        while time.monotonic() < end:
            try:
                if b"READY=1" in notify.recv(4096):
                    return
            except TimeoutError:
                pass
            if self.process.poll() is not None:
                break
        raise AssertionError(f"{self.name} did not get ready:\n"
                             + self.text())

    def reload(self):
        assert self.one("ExecReload") == "/bin/kill -HUP $MAINPID"
        self.process.send_signal(signal.SIGHUP)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        assert code == 0, f"{self.name} ended with {code}"

    def forget(self):
        """Removes what it has logged."""
        self.log.unlink()


class Managed:
    """The same, by systemd."""

    def __init__(self, name):
        self.name = name
        self.since = f"@{time.time():.3f}"

    def text(self):
        return subprocess.run(
            ["journalctl", "-q", "-o", "cat", "-u", self.name, "--since",
             self.since], capture_output=True, text=True, check=True).stdout

    def ask(self, verb):
        subprocess.run(["systemctl", verb, self.name], check=True)

    def start(self):
        self.ask("restart")

    def reload(self):
        self.ask("reload")

    def stop(self):
        self.ask("stop")

    def forget(self):
        """The journal is systemd's."""
