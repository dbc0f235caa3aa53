#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""run_sweep.py BUILD_DIR: what a walk of postern-keeper costs policyd.

The same policyd is measured in turns: while nothing is swept, and during a walk
through all accounts. Only ratios of one run mean anything. Exits 1 if a target
is missed.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

from bench_machine import process_seconds  # noqa: E402
from bench_report import Report  # noqa: E402
from bench_run import Bench, arguments_of, run  # noqa: E402
from bench_servers import ENDLESS, PolicydServer  # noqa: E402
from postern_site.policyd import Policyd  # noqa: E402

PARTS = ("looks", "writes")
P99_TARGET = 1.5
# As many requests at a time as Postfix has under usual load, and a flood.
CONNECTIONS = (4, 100)
NO_TARGET = (None, None)
FILL_SECONDS = 900
WALK_SECONDS = 1800
SETTLE_SECONDS = 0.2
MIB = 1024 * 1024


class Swept:
    """The same policyd, measured during a walk of a fresh keeper."""

    def __init__(self, server):
        self.server = server
        self.settle = server.settle
        self.keeper = Policyd(
            server.build / "bin" / "postern-keeper",
            server.conf,
            server.conf.with_name("keeper.log"),
        )

    def begin(self):
        self.keeper.start()
        self.keeper.child.signal(signal.SIGUSR1)
        time.sleep(SETTLE_SECONDS)

    def load(self, **options):
        self.begin()
        pid = self.keeper.child.pid
        begun, used = time.monotonic(), process_seconds(pid)
        done = len(self.keeper.lines("swept"))
        figures = self.server.load(**options)
        used = process_seconds(pid) - used
        figures["keeper"] = used / (time.monotonic() - begun)
        # It is no stranger.
        figures["others"] = max(figures["others"] - figures["keeper"], 0)
        if len(self.keeper.lines("swept")) > done:
            raise RuntimeError("the walk was over before the run")
        self.keeper.stop(60)
        return figures

    def walk(self, limit=WALK_SECONDS):
        """A whole one; its last line in the log, and its processor time."""
        done = len(self.keeper.lines("swept"))
        self.begin()
        pid = self.keeper.child.pid
        used = process_seconds(pid)
        self.keeper.wait_lines("swept", done + 1, limit)
        used = process_seconds(pid) - used
        self.keeper.stop(60)
        return self.keeper.lines("swept")[-1], used


class SweepBench(Bench):
    def server(self, name, *words):
        """A policyd; each account may use mail programs, and has sent."""
        server = PolicydServer(self.build, self.root / name, ENDLESS).start()
        begun = time.monotonic()
        subprocess.run(
            [
                str(server.program("auth-state")),
                str(server.state),
                str(self.root / f"{name}.passwd"),
                str(self.options.accounts),
                *words,
            ],
            check=True,
            timeout=FILL_SECONDS,
        )
        server.fill(self.options.accounts)
        server.settle()
        accounts = server.state / "accounts" / "data.mdb"
        size = accounts.stat().st_blocks * 512 + server.state_bytes()
        self.report.note(
            f"{self.options.accounts:,} accounts in "
            f"{time.monotonic() - begun:.0f} s, {size / MIB:.0f} MiB"
        )
        return server

    def compare(self, server, what):
        swept = Swept(server)
        for connections in CONNECTIONS:
            figures = self.figures(
                server,
                swept,
                accounts=self.options.accounts,
                connections=connections,
            )
            line = f"{what}, {connections} clients"
            self.report.rates(line, figures, NO_TARGET)
            self.report.latencies(line, figures, P99_TARGET)
            share = max(pair.server["keeper"] for pair in figures.pairs)
            self.report.note(f"the keeper used {share:.0%} of a processor")
            self.report.disturbed(figures)
        return swept

    def looks(self):
        """Nothing is to be done: a walk as it is each hour."""
        server = self.server("looks")
        swept = self.compare(server, "looks")
        line, used = swept.walk()
        self.report.note(
            f"{int(line['accounts']):,} accounts in {line['seconds']} s, "
            f"{used:.1f} s of processor time"
        )
        server.stop()

    def writes(self):
        """Every account has to be written: as bad as it can be."""
        server = self.server("writes", "expired")
        swept = self.compare(server, "writes")
        lines = swept.keeper.lines("passwords-expired")
        self.report.note(f"{len(lines):,} of them are in the log")
        server.stop()


def measure(options):
    bench = SweepBench(options, Report("sweeping", "quiet"))
    for part in PARTS:
        if options.only in (None, part):
            getattr(bench, part)()
    return bench.report.missed


def main():
    options = arguments_of(__doc__, "that are swept", PARTS).parse_args()
    return run(lambda: measure(options))


if __name__ == "__main__":
    sys.exit(main())
