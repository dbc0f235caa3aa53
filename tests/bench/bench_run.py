# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Postern authors

"""A benchmark from its command line to its exit code."""

import argparse
import sys
import time
from pathlib import Path

from bench_compare import compare
from postern_site import workdir

ACCOUNTS = 1000000


def arguments_of(doc, accounts=None, parts=None):
    """A parser with what most benchmarks take; DOC is its module's.

    ACCOUNTS says of how many --accounts is; PARTS are those of --only.
    """
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("build", type=Path, help="for example build/release")
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="of one run (2)"
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="runs of each line (5)"
    )
    if accounts is not None:
        parser.add_argument(
            "--accounts",
            type=int,
            default=ACCOUNTS,
            help=f"{accounts} ({ACCOUNTS})",
        )
    if parts is not None:
        parser.add_argument(
            "--only", choices=parts, help="one part of it; else all"
        )
    return parser


def run(measure):
    """The exit code of a benchmark; MEASURE returns what missed its target."""
    workdir.exit_on_signals()
    begun = time.monotonic()
    try:
        missed = measure()
    except (RuntimeError, AssertionError, OSError) as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2
    finally:
        workdir.clean_up()
    print(f"{time.monotonic() - begun:.0f} seconds")
    for what in missed:
        print(f"missed: {what}")
    return 1 if missed else 0


class Bench:
    """What is built, a directory for the servers, and the report."""

    def __init__(self, options, report):
        self.options = options
        self.build = options.build.resolve()
        self.root = workdir.make_root(options.build)
        self.report = report
        self.seed = time.time_ns() % 1000000 * 1000

    def figures(self, null, server, **options):
        """The two in turns, as the command line wants it."""
        self.seed += 100
        return compare(
            null,
            server,
            self.options.rounds,
            self.options.seconds,
            self.seed,
            **options,
        )
