# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The processes that were started, and how they end: always by their id."""

import contextlib
import glob
import os
import re
import signal
import subprocess
import time

from . import workdir
from .patience import PATIENCE


def wait_for(condition, what, seconds=PATIENCE):
    """Polls CONDITION until it is true; its value is returned."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {what} after {seconds:g} s")
        time.sleep(0.01)


def _state_and_group(pid):
    """Of a process, as a letter and a number; None if there is none."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return fields[0], int(fields[2])


def is_alive(pid):
    """Not so is a process that waits to be reaped: that can take seconds."""
    known = _state_and_group(pid)
    return known is not None and known[0] not in "ZX"


def _lives_group(group):
    """Does any process of that group live?"""
    for path in glob.glob("/proc/[0-9]*"):
        known = _state_and_group(os.path.basename(path))
        if known is not None and known[1] == group and known[0] not in "ZX":
            return True
    return False


def children_of(parent):
    """The processes that PARENT started: id -> name, as in imap."""
    found = {}
    for status in glob.glob("/proc/[0-9]*/status"):
        try:
            with open(status) as file:
                fields = dict(re.findall(r"(?m)^(\w+):\t(.*)$", file.read()))
        except OSError:
            continue
        if fields["PPid"] == str(parent) and fields["State"][0] != "Z":
            found[int(fields["Pid"])] = fields["Name"]
    return found


class Child:
    """A process of ours, in a session of its own, with its output in LOG."""

    def __init__(self, argv, log, env=None):
        self.argv = [str(word) for word in argv]
        self.log = log
        with open(log, "ab") as output, workdir.hold_signals():
            self.process = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=env,
                start_new_session=True,
            )
            workdir.at_end(self.kill)

    @property
    def pid(self):
        return self.process.pid

    def is_running(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=PATIENCE):
        """The exit code; negative is the signal that ended it."""
        return self.process.wait(seconds)

    def stop(self, seconds=PATIENCE):
        if self.is_running():
            self.signal(signal.SIGTERM)
        try:
            return self.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self):
        if self.is_running():
            self.signal(signal.SIGKILL)
        self.process.wait()


def start_daemon(command, log):
    """Runs a command that leaves a daemon behind; is all well?

    In a session of its own, and to its end: half a start could not be undone.
    """
    with open(log, "ab") as output, workdir.hold_signals():
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,  # a file, not a pipe: the daemon keeps it open
            stderr=output,
            start_new_session=True,
            timeout=60,
        )
    return done.returncode == 0


# The id that was last found in a pid file: its group may outlive the daemon.
_last_pids = {}


def daemon_pid(pid_file):
    """The id that a daemon left in its file, or None if it is gone."""
    try:
        pid = int(pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    if not is_alive(pid):
        return None
    _last_pids[pid_file] = pid
    return pid


def ask_daemon(pid_file):
    """SIGTERM, without waiting."""
    pid = daemon_pid(pid_file)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def stop_daemon(pid_file, seconds=10.0):
    """Stops a daemon that has left us, politely, then its process group.

    It may end by itself at any moment; what it started is gone afterwards in
    any case.
    """
    pid = daemon_pid(pid_file)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        try:
            wait_for(lambda: not is_alive(pid), f"end of {pid}", seconds)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
    group = _last_pids.pop(pid_file, None)
    if group is not None and _lives_group(group):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        wait_for(lambda: not _lives_group(group), f"end of group {group}")
