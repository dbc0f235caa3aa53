# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A private Dovecot: the process and its log.

Dovecot does nothing but SASL for the private Postfix; mail.py has one that
serves mail.
"""

import functools
import re
import subprocess

from . import children, dovecot_conf, workdir
from .patience import PATIENCE

_BAD_LINE = re.compile(r": (Error|Fatal|Panic): ")


@functools.cache
def version():
    """(2, 3) or (2, 4)"""
    done = subprocess.run(
        ["dovecot", "--version"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    major, minor = done.stdout.split(".")[:2]
    return int(major), int(minor)


class Daemon:
    """Everything lies under DIRECTORY; nothing of /etc/dovecot is read."""

    def __init__(self, directory):
        self.directory = directory
        self.log = directory / "dovecot.log"
        self.run = directory / "run"
        self.pid_file = self.run / "master.pid"
        self.conf = directory / "dovecot.conf"
        for path in (directory, self.run, directory / "state"):
            path.mkdir(mode=0o755)
        workdir.at_end(self.stop)

    def places(self):
        """The settings that keep it away from the machine's own files."""
        return {
            "base_dir": self.run,
            "state_dir": self.directory / "state",
            "log_path": self.log,
        }

    def command(self):
        return ["dovecot", "-c", self.conf]

    def start(self):
        start_log = self.directory / "start.log"
        if not children.start_daemon(self.command(), start_log):
            raise RuntimeError(
                "cannot start the private Dovecot:\n"
                + start_log.read_text()
                + self.text()
            )
        # It listens by now, but it has yet to say who it is.
        children.wait_for(self.pid, "process id of Dovecot")

    def stop(self):
        children.stop_daemon(self.pid_file)
        self.pid_file.unlink(missing_ok=True)

    def pid(self):
        """The master's id, or None."""
        return children.daemon_pid(self.pid_file)

    def text(self):
        try:
            return self.log.read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def lines(self, pattern=""):
        """The lines of the log in which the regex PATTERN is found."""
        return [x for x in self.text().splitlines() if re.search(pattern, x)]

    def errors(self):
        """What Dovecot logged as an error or worse."""
        return [x for x in self.text().splitlines() if _BAD_LINE.search(x)]

    def wait_line(self, pattern, seconds=PATIENCE):
        """The first line of the log with PATTERN, once it is there."""
        found = children.wait_for(
            lambda: self.lines(pattern), f"{pattern!r} in the log", seconds
        )
        return found[0]


class Dovecot(Daemon):
    """USERS maps login to password; SOCKET is where Postfix's smtpd asks."""

    def __init__(self, directory, users, socket):
        super().__init__(directory)
        self.socket = socket
        passwd = directory / "passwd"
        passwd.write_text(dovecot_conf.passwd(users))
        self.conf.write_text(
            dovecot_conf.sasl_only(version(), self.places(), passwd, socket)
        )

    def wait(self):
        children.wait_for(self.socket.is_socket, "SASL socket")
