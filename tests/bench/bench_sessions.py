# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""policyd with many open mail sessions, and the same without any."""

import json
import resource
import subprocess
import time

from bench_compare import compare
from bench_machine import pinned, processors
from bench_servers import ENDLESS, FILL_SECONDS, PolicydServer, end
from postern_site import workdir

SESSIONS = 20000
ACCOUNTS = 10000
# Each has its mail check and one word about what it transferred in 5 minutes.
RATE = SESSIONS * 2 // 300
POLICY_CONNECTIONS = 200
OPEN_SECONDS = 120
MIB = 1024 * 1024
MEMORY_MIB = 64
DECISIONS_TARGET = (0.90, None)


class Policyd(PolicydServer):
    """It has the accounts of auth-state, and listens for sessions."""

    def __init__(self, build, directory):
        self.sessions = f"unix:{directory}/session.sock"
        super().__init__(
            build,
            directory,
            ENDLESS,
            max_connections=POLICY_CONNECTIONS,
            max_sessions=SESSIONS,
            session_listen=self.sessions,
        )

    def start(self):
        super().start()
        subprocess.run(
            [
                str(self.program("auth-state")),
                str(self.state),
                str(self.state.parent / "passwd"),
                str(ACCOUNTS),
            ],
            timeout=FILL_SECONDS,
            check=True,
        )
        self.fill(ACCOUNTS)
        return self

    def room(self):
        """How many sessions the limit of open files leaves room for."""
        lines = self.policyd.lines("too-few-files")
        return int(lines[-1]["possible_sessions"]) if lines else SESSIONS


class Sessions:
    """COUNT open sessions of SERVER, held by a program of their own."""

    def __init__(self, server, count):
        argv = [server.program("session-load"), server.sessions, server.state]
        argv += [count, ACCOUNTS, RATE]
        with pinned(processors()[1]):
            self.process = subprocess.Popen(
                [str(word) for word in argv],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        workdir.at_end(end, self.process)
        line = self.process.stdout.readline()
        if not line or json.loads(line)["open"] != count:
            raise RuntimeError(f"cannot open {count} sessions: {line}")
        self.seconds = json.loads(line)["seconds"]

    def close(self):
        """What they heard meanwhile; all must have lived until now."""
        out, _ = self.process.communicate(timeout=OPEN_SECONDS)
        if self.process.returncode != 0:
            raise RuntimeError(f"sessions were lost: {out.strip()}")
        return json.loads(out)


def report_memory(report, server, before, count):
    """Reckoned for all SESSIONS, where fewer found room."""
    after = server.own_memory()
    what = f"memory, {SESSIONS:,} sessions"
    if before is None or after is None:
        report.note(f"{what}: only root may look")
        return
    each = (after - before) / count
    total = before + each * SESSIONS
    report.below(what, "MiB", total / MIB, MEMORY_MIB, 1)
    report.note(f"{before / MIB:.1f} MiB without any, {each:,.0f} bytes each")


def report_decisions(report, figures):
    what = "decisions beside sessions"
    report.rates(what, figures, DECISIONS_TARGET)
    report.latencies("", figures, None)
    report.processor_time(figures)
    report.disturbed(figures)


def run(build, root, report, rounds, seconds):
    without = Policyd(build, root / "without-sessions").start()
    server = Policyd(build, root / "with-sessions").start()
    count = min(SESSIONS, server.room())
    if count < SESSIONS:
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        report.note(
            f"no more than {count:,} of {SESSIONS:,} sessions: at most "
            f"{files:,} files may be open here (ulimit -Hn)"
        )
    before = server.own_memory()
    sessions = Sessions(server, count)
    report.note(f"{count:,} sessions opened in {sessions.seconds:.1f} s")
    seed = time.time_ns() % 1000000 * 1000
    figures = compare(
        without, server, rounds, seconds, seed, accounts=ACCOUNTS
    )
    report_decisions(report, figures)
    report_memory(report, server, before, count)
    heard = sessions.close()
    report.note(f"{heard['answers'] - count:,} words of sessions meanwhile")
    server.stop()
    without.stop()
