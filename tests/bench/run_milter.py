#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""run_milter.py BUILD_DIR: measures postern-milter against null filters.

One null filter negotiates the same steps, another answers every callback.
Only ratios of one run mean anything: filters run on the same processor in
turns, and the generator on another one. Exits 1 if a target is missed.
"""

import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))

from bench_milter import Milter, NullMilter  # noqa: E402
from bench_report import Report  # noqa: E402
from bench_run import Bench, arguments_of, run  # noqa: E402

PARTS = ("reader", "filter", "memory")
ACCOUNTS = 5000
EVERY_CALLBACK = ["0"]
# Messages a second against null filters: (must, want).
SAME_TARGET = (0.80, None)
ALL_TARGET = (5.0, None)
NO_TARGET = (None, None)
READER_MB = 200
# Of a field of 60 kB: 40 nanoseconds a byte, on a machine that is busy.
HOSTILE_US = 2400
MEMORY_FROM = 100000
# Libraries and threads settle late; a leak of 8 bytes each would be 1.2.
MEMORY_GROWTH = 1.05
REST_SECONDS = 4
REST_LOOKS = 20
MIB = 1024 * 1024


def arguments():
    parser = arguments_of(__doc__, parts=PARTS)
    parser.add_argument(
        "--messages",
        type=int,
        default=200000,
        help="over which the memory must stay flat (200000)",
    )
    parser.add_argument(
        "--long", action="store_true", help="the same as --messages 1000000"
    )
    return parser.parse_args()


def reader(build, report):
    """What the reader of From fields says of its own speed."""
    program = build / "tests" / "bench" / "from-reader"
    if not program.exists():
        report.note(f"{program.name} is not built")
        return
    done = subprocess.run(
        [str(program)], capture_output=True, text=True, check=True, timeout=300
    )
    lines = (line.partition("=") for line in done.stdout.splitlines())
    figures = {name: float(value) for name, _, value in lines}
    times = {
        name: value for name, value in figures.items() if name.endswith("_us")
    }
    slowest = max(times, key=times.get)
    report.least(
        "From reader, ordinary", "MB/s", figures["ordinary"], READER_MB
    )
    report.below(
        "From reader, 60 kB hostile", "us", times[slowest], HOSTILE_US
    )
    report.note(f"the slowest is {slowest.removesuffix('_us')}")


def memory_at_rest(server):
    """The least of some seconds: threads of libmilter stay for a while."""
    seen = []
    for _ in range(REST_LOOKS):
        seen.append(server.own_memory())
        time.sleep(REST_SECONDS / REST_LOOKS)
    return None if None in seen else min(seen)


class MilterBench(Bench):
    def compare(self, null, ours, what, targets, **options):
        figures = self.figures(null, ours, accounts=ACCOUNTS, **options)
        self.report.rates(what, figures, targets, "messages/s")
        self.report.latencies(what, figures, None)
        self.report.processor_time(figures)
        self.report.disturbed(figures)

    def filter(self):
        ours = Milter(self.build, self.root / "milter").start()
        steps = ours.steps()
        same = NullMilter(self.build, self.root / "same", steps).start()
        every = NullMilter(self.build, self.root / "all", EVERY_CALLBACK)
        every.start()
        self.report.note("negotiated: " + "; ".join(steps))
        self.compare(same, ours, "same steps", SAME_TARGET)
        self.compare(every, ours, "every callback", ALL_TARGET)
        self.compare(
            same, ours, "one message each", NO_TARGET, per_connection=1
        )
        for server in (every, same, ours):
            server.stop()

    def memory(self, messages):
        """After MEMORY_FROM messages, and after so many."""
        ours = Milter(self.build, self.root / "memory").start()
        begun = time.monotonic()
        ours.fill(MEMORY_FROM)
        before = memory_at_rest(ours)
        ours.fill(messages - MEMORY_FROM)
        after = memory_at_rest(ours)
        ours.stop()
        what = f"memory, {messages:,} messages"
        if before is None or after is None:
            self.report.note(f"{what}: only root may look")
            return
        self.report.below(what, "growth", after / before, MEMORY_GROWTH, 3)
        self.report.note(
            f"{before / MIB:.2f} MiB after {MEMORY_FROM:,}, "
            f"{after / MIB:.2f} MiB in the end, "
            f"{time.monotonic() - begun:.0f} s"
        )


def measure(options):
    report = Report("milter", "null")
    bench = MilterBench(options, report)
    messages = 1000000 if options.long else options.messages
    if options.only in (None, "reader"):
        reader(bench.build, report)
    if options.only in (None, "filter"):
        bench.filter()
    if options.only in (None, "memory"):
        bench.memory(max(messages, MEMORY_FROM * 2))
    return report.missed


def main():
    options = arguments()
    return run(lambda: measure(options))


if __name__ == "__main__":
    sys.exit(main())
