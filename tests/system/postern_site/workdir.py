# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Temporary directories, free ports, and what to undo at the end."""

import contextlib
import os
import random
import shutil
import signal
import socket
import stat
import sys
import tempfile
import threading
from pathlib import Path

# A Unix socket's path may have 107 bytes.  Under the directory there are at
# most 45 more ("/postfix/queue/postern/policy.sock").
ROOT_MAX = 60

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
_undo = []


def at_end(function, *args):
    """Has FUNCTION called by clean_up(), the last one first."""
    _undo.append((function, args))


def clean_up():
    """Undoes everything; a failure of one step does not stop the others."""
    with hold_signals(obey=False):
        while _undo:
            function, args = _undo.pop()
            try:
                function(*args)
            except Exception as error:
                print(f"cannot clean up: {error}", file=sys.stderr)


class Missing(Exception):
    """Something that this machine does not have, or does not allow."""


class Ended(KeyboardInterrupt):
    """A signal asked us to end; no test may take it for its own failure."""

    def __init__(self, number):
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


def exit_on_signals():
    """SIGINT, SIGTERM and SIGHUP raise Ended, so that clean_up() is done."""

    def leave(number, _frame):
        raise Ended(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


@contextlib.contextmanager
def hold_signals(obey=True):
    """What is begun inside is finished before a signal is obeyed, if ever."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = []
    handlers = {
        number: signal.signal(number, lambda n, _frame: came.append(n))
        for number in _SIGNALS
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    for number in came if obey else ():
        os.kill(os.getpid(), number)


def _is_open_to_all(directory):
    """Postfix, Dovecot and policyd drop root: may they pass through?"""
    return all(
        step.stat().st_mode & stat.S_IXOTH
        for step in (directory, *directory.parents)
    )


def make_root(build):
    """A new directory under BUILD, or under /tmp if BUILD does not do."""
    build = Path(build).resolve()
    fits = len(str(build)) <= ROOT_MAX - len("/site.12345678")
    mine = os.access(build, os.W_OK)
    base = build if fits and mine and _is_open_to_all(build) else "/tmp"
    with hold_signals():
        root = Path(tempfile.mkdtemp(prefix="site.", dir=base))
        at_end(shutil.rmtree, root, True)
    root.chmod(0o755)
    return root


def free_ports(count):
    """COUNT loopback ports that are free now, below the ephemeral range."""
    sockets, ports = [], []
    try:
        for port in random.sample(range(20000, 32000), 2000):
            probe = socket.socket()
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                probe.close()
                continue
            sockets.append(probe)
            ports.append(port)
            if len(ports) == count:
                return ports
    finally:
        for probe in sockets:
            probe.close()
    raise OSError("cannot find free ports on 127.0.0.1")


def give(path, owner):
    """Makes PATH belong to user OWNER, where we are root."""
    if os.geteuid() == 0:
        shutil.chown(path, owner, None)
