# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""The machine: its processors, and whether others use them meanwhile."""

import contextlib
import os
import time

# Of one processor. More than that, and others have disturbed the figures.
QUIET = 0.15
TICKS = os.sysconf("SC_CLK_TCK")


def processors():
    """One for servers, one for the generator; None if there is only one."""
    allowed = sorted(os.sched_getaffinity(0))
    return (allowed[0], allowed[-1]) if len(allowed) > 1 else (None, None)


@contextlib.contextmanager
def pinned(processor):
    """Children that are started meanwhile run on that processor."""
    before = os.sched_getaffinity(0)
    if processor is not None:
        os.sched_setaffinity(0, {processor})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def process_seconds(pid):
    """The processor time that a process has used."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _all_seconds():
    """What all programs have used, and what the host withheld."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, _, _, steal = stat.readline().split()[1:9]
    return sum(map(int, (user, nice, system, steal))) / TICKS


class Meter:
    """What a server and others use from now on.

    Processes that this one has started and waited for count as ours.
    """

    def __init__(self, pid):
        self.pid = pid
        self.begun = time.monotonic()
        self.all = _all_seconds()
        self.ours = sum(os.times()[:4])
        self.server = process_seconds(pid)

    def server_seconds(self):
        return process_seconds(self.pid) - self.server

    def others(self):
        """The share of one processor that went to somebody else."""
        elapsed = time.monotonic() - self.begun
        ours = sum(os.times()[:4]) - self.ours + self.server_seconds()
        return max(_all_seconds() - self.all - ours, 0) / elapsed
