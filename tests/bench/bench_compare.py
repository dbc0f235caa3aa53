# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""Two servers in turns, so that what the machine does hits both."""

from dataclasses import dataclass
from statistics import median

from bench_machine import QUIET

# The null server's rates before and after must be this near to each other;
# virtual machines jump by a factor of two for seconds at a time.
STEADY = 0.8
EXTRA_ROUNDS = 3


@dataclass(frozen=True)
class Pair:
    """One run of the server and the null server's runs around it."""

    server: dict
    before: dict
    after: dict

    def null(self, name):
        return (self.before[name] + self.after[name]) / 2

    def ratio(self, name):
        return self.server[name] / max(self.null(name), 1e-9)

    def others(self):
        runs = (self.server, self.before, self.after)
        return max(run["others"] for run in runs)

    def is_steady(self):
        rates = sorted((self.before["rate"], self.after["rate"]))
        return rates[0] >= STEADY * rates[1] and self.others() <= QUIET


@dataclass(frozen=True)
class Comparison:
    pairs: list
    disturbed: int  # of these

    def ratio(self, name):
        return median(pair.ratio(name) for pair in self.pairs)

    def server(self, name):
        return median(pair.server[name] for pair in self.pairs)

    def null(self, name):
        return median(pair.null(name) for pair in self.pairs)


def compare(null, server, rounds, seconds, seed, **options):
    """Null, server, null, server ..., null: ROUNDS pairs of each."""

    def measure(which, expect_dunno, length, number):
        return which.load(
            seconds=length,
            warmup=length / 4,
            seed=number,
            expect_dunno=expect_dunno,
            **options,
        )

    refuses = options.pop("refuses", False)
    steady, unsteady = [], []
    before = measure(null, True, seconds / 2, seed)
    for turn in range(1, rounds + EXTRA_ROUNDS + 1):
        figures = measure(server, not refuses, seconds, seed + turn)
        server.settle()
        after = measure(null, True, seconds / 2, seed + turn)
        pair = Pair(figures, before, after)
        (steady if pair.is_steady() else unsteady).append(pair)
        before = after
        if len(steady) == rounds:
            break
    # A machine that never keeps still is measured as it is.
    unsteady.sort(key=Pair.others)
    missing = rounds - len(steady)
    return Comparison(steady + unsteady[:missing], missing)
