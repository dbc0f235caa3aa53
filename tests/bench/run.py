#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""run.py BUILD_DIR: measures postern-policyd against a null policy server.

Only ratios of one run mean anything: both servers run on the same processor
in turns, and the generator on another one. Exits 1 if a target is missed.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

from bench_machine import QUIET, Meter, processors  # noqa: E402
from bench_report import Report  # noqa: E402
from bench_run import Bench, arguments_of, run  # noqa: E402
from bench_servers import (  # noqa: E402
    ENDLESS,
    USUAL,
    NullServer,
    PolicydServer,
    end,
)

FEW = 1000
MIXES = ("charge", "postfix")
# Requests a second against the null server: (must, want), by accounts.
FEW_TARGET = (0.60, 0.85)
MANY_TARGET = (0.30, 0.60)
NO_TARGET = (None, None)
P99_TARGET = 3.0
RECORD_BYTES = 160
WRITER_RATE = 1000
WRITER_WAIT_MS = 5
WRITER_TRIES = 2
MEMORY_CONNECTIONS = 1000
MEMORY_MIB = 16
MIB = 1024 * 1024


class PolicydBench(Bench):
    def __init__(self, options, report):
        super().__init__(options, report)
        self.null = NullServer(self.build, self.root).start()

    def policyd(self, name, messages):
        return PolicydServer(self.build, self.root / name, messages).start()

    def compare(self, server, what, mix, accounts, targets, refuses=False):
        figures = self.figures(
            self.null, server, mix=mix, accounts=accounts, refuses=refuses
        )
        what = f"{what}, {mix}"
        self.report.rates(what, figures, targets)
        self.report.latencies(
            what, figures, None if targets == NO_TARGET else P99_TARGET
        )
        self.report.processor_time(figures)
        self.report.disturbed(figures)

    def second_writer(self, server, accounts):
        """Another process writes to the state of a policyd at full load."""
        for _ in range(WRITER_TRIES):
            meter = Meter(server.child.pid)
            waits, rate = self.write_beside(server, accounts)
            others = meter.others()
            if others <= QUIET:
                break
        milliseconds = waits["p999_us"] / 1000
        self.report.below(
            f"2nd writer, {accounts:,}",
            "p99.9 ms",
            milliseconds,
            WRITER_WAIT_MS,
            2,
        )
        self.report.note(
            f"p50 {waits['p50_us']:.0f} us, p99 {waits['p99_us']:.0f} us, "
            f"max {waits['max_us'] / 1000:.2f} ms; "
            f"beside {rate:,.0f} requests/s"
        )
        if others > QUIET:
            self.report.note("disturbed by other programs or by the host")

    def write_beside(self, server, accounts):
        """The writer's waits, and the rate that policyd kept meanwhile."""
        seconds = self.options.seconds * 3
        load = server.start_load(accounts=accounts, seconds=seconds + 3)
        time.sleep(1.5)
        done = subprocess.run(
            [
                str(server.program("second-writer")),
                str(server.state),
                str(seconds),
                str(WRITER_RATE),
                str(accounts),
            ],
            capture_output=True,
            text=True,
            timeout=seconds + 60,
        )
        if done.returncode != 0:
            end(load)
            raise RuntimeError(done.stderr.strip())
        return json.loads(done.stdout), server.finish_load(load, 60)["rate"]

    def memory(self, server, accounts):
        """The largest of what is seen while many clients are served."""
        load = server.start_load(
            accounts=accounts,
            connections=MEMORY_CONNECTIONS,
            seconds=self.options.seconds,
        )
        seen = [0]
        while load.poll() is None:
            seen.append(server.own_memory())
            time.sleep(0.1)
        server.finish_load(load, 60)
        what = f"memory, {MEMORY_CONNECTIONS:,} clients"
        if None in seen:
            self.report.note(f"{what}: only root may look")
        else:
            self.report.below(what, "MiB", max(seen) / MIB, MEMORY_MIB, 1)

    def few(self):
        server = self.policyd("few", ENDLESS)
        server.fill(FEW)
        for mix in MIXES:
            self.compare(server, f"{FEW:,} accounts", mix, FEW, FEW_TARGET)
        self.second_writer(server, FEW)
        server.stop()

    def refusing(self):
        server = self.policyd("refusing", USUAL)
        self.compare(server, "over the limit", "charge", FEW, NO_TARGET, True)
        server.stop()

    def many(self):
        accounts = self.options.accounts
        server = self.policyd("many", ENDLESS)
        filled = server.fill(accounts)
        self.report.note(
            f"{accounts:,} accounts in {filled['seconds']:.0f} s, "
            f"{server.state_bytes() / MIB:.0f} MiB"
        )
        for mix in MIXES:
            self.compare(
                server, f"{accounts:,} accounts", mix, accounts, MANY_TARGET
            )
        self.second_writer(server, accounts)
        self.memory(server, accounts)
        server.stop()

    def record(self):
        program = self.build / "tests" / "bench" / "record-size"
        size = subprocess.run(
            [str(program)], capture_output=True, text=True, check=True
        )
        self.report.below(
            "typical activity record", "bytes", int(size.stdout), RECORD_BYTES
        )


def measure(options):
    if processors()[0] is None:
        print("one processor only: the generator slows the servers down")
    bench = PolicydBench(options, Report())
    bench.record()
    bench.few()
    bench.refusing()
    bench.many()
    return bench.report.missed


def main():
    options = arguments_of(__doc__, "where there are many").parse_args()
    return run(lambda: measure(options))


if __name__ == "__main__":
    sys.exit(main())
