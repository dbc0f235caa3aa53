# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A daemon of ours as a child: start, stop, kill, reload, its log."""

import os
import re
import signal

from . import children
from .patience import PATIENCE

_PAIR = re.compile(r'([A-Za-z_]+)=("(?:[^"\\]|\\.)*"|\S*)')


def parse_line(line):
    """The key=value pairs of a log line."""
    return {
        key: value[1:-1].replace('\\"', '"') if value[:1] == '"' else value
        for key, value in _PAIR.findall(line)
    }


class Policyd:
    """postern-policyd, or another PROGRAM that is called like it.

    What is in ENV is added to its environment at the next start; VIEWS are
    the Mounts in which it runs.
    """

    def __init__(self, program, conf, log, clock=None, views=None):
        self.argv = [program, "-c", conf]
        self.log = log
        self.clock = clock
        self.views = views
        self.env = {}
        self.child = None
        self.notify = None
        self.was_killed = False
        log.touch()

    def _environment(self):
        env = {k: v for k, v in os.environ.items() if k != "NOTIFY_SOCKET"}
        if self.notify is not None:
            env["NOTIFY_SOCKET"] = str(self.notify)
        if self.clock is not None:
            env.update(self.clock.environment())
        return {**env, **self.env}

    def launch(self):
        """Starts it without waiting."""
        self.was_killed = False
        argv = self.views.command(self.argv) if self.views else self.argv
        self.child = children.Child(argv, self.log, self._environment())
        return self.child

    def start(self):
        """Starts it and waits until it is ready to answer."""
        seen = len(self.lines("ready"))
        child = self.launch()
        children.wait_for(
            lambda: len(self.lines("ready")) > seen or not child.is_running(),
            f"event=ready in {self.log}",
        )
        if not child.is_running():
            raise RuntimeError(
                f"{self.argv[0].name} ended with {child.wait()}:\n"
                + self.text()
            )
        return self

    def text(self):
        return self.log.read_text(errors="replace")

    def lines(self, event=None):
        """The log's lines as dicts, of one event or all."""
        parsed = [parse_line(line) for line in self.text().splitlines()]
        return [x for x in parsed if event is None or x.get("event") == event]

    def wait_lines(self, event, count=1, seconds=PATIENCE):
        """At least COUNT lines of EVENT."""

        def enough():
            found = self.lines(event)
            return found if len(found) >= count else None

        return children.wait_for(enough, f"event={event} in the log", seconds)

    def reload(self):
        self.child.signal(signal.SIGHUP)

    def stop(self, seconds=PATIENCE):
        """SIGTERM; the exit code."""
        return self.child.stop(seconds)

    def kill(self):
        """SIGKILL, as a crash would."""
        self.was_killed = True
        self.child.kill()

    def end(self):
        """Ends it if it runs; the exit code, or None after a kill()."""
        code = self.stop() if self.child.is_running() else self.child.wait()
        return None if self.was_killed else code

    def cpu_seconds(self):
        """What it has taken of a processor, whatever else runs."""
        with open(f"/proc/{self.child.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Its resident memory in bytes."""
        with open(f"/proc/{self.child.pid}/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
